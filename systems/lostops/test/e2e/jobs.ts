import { expect, test } from 'vitest';
import { atRate } from '../../../../test/e2e/atRate.ts';
import { berthOn } from '../../../../test/e2e/berth.ts';
import { type Client, eventually } from '../../../../test/e2e/client.ts';
import type { TestStack } from '../../../../test/e2e/stack.ts';

interface Scene {
  stack: TestStack;
  inRole(role: string, script: string): Promise<string>;
  site: Client;
}

const env = { MAIL_PASSWORD: { secret: 'mailPassword' }, http_proxy: '' };

/** What a release does with the migration of Lostops, each test on what the former left: version 1.0.1 serves */
export function jobs(scene: () => Scene): void {
  const app = (script: string) => scene().inRole('app', script);
  const serves = async () => (await scene().site.getAnew('/health')).body;
  /** The versions whose migration ran, one for each run */
  const migrated = async () => {
    const sql = 'SELECT migration FROM migrations ORDER BY id';
    const mysql = `MYSQL_PWD="$MYSQL_PASSWORD" mysql --host 127.0.0.1 --user "$MYSQL_USER" "$MYSQL_DATABASE" -N --execute "${sql}"`;
    return (await scene().inRole('database', `docker exec lostops-base-mysql-1 sh -c '${mysql}'`)).trim().split('\n');
  };
  const containersOf = (label: string) => app(`docker ps --all --quiet --filter label=${label}`);
  const migrates = () =>
    eventually(
      240,
      () => containersOf('berth.job=migrate'),
      (found) => found !== '',
    );
  const record = async () => JSON.parse(await app('cat /var/lib/berth/lostops/jobs/migrate.json'));

  test('each release has migrated once, before its new containers started', async () => {
    expect(await migrated()).toEqual(['1.0.0', '1.0.1']);
    expect(await record()).toMatchObject({ job: 'migrate', version: '1.0.1', result: '' });
  });

  test('a migration that fails ends the release with its last lines and no secret in them, and the old one serves on without a failed request', async () => {
    const { stack, site } = scene();
    const before = await app('docker ps --quiet --no-trunc | sort');
    await stack.configure({ version: '1.0.0', env: { ...env, MIGRATION_FAILS: 'yes' } });
    const failures: unknown[] = [];
    const traffic = atRate(10, async () => {
      const { status, body } = await site.get('/health').catch((error) => ({ status: 0, body: String(error) }));
      if (status !== 200 || body !== '1.0.1') failures.push([status, body]);
    });
    const refused = await stack.up();
    expect(await traffic.stop()).toBeGreaterThan(50);
    expect(refused.code, refused.output).not.toBe(0);
    expect(refused.output).toContain('a migration of 1.0.0 fails, logged in with [secret]');
    expect(refused.output).not.toContain('the-application-0123456789');
    expect(refused.output).toContain('error: job migrate ended with code 3: the new release was not started');
    expect(failures).toEqual([]);
    expect(await serves()).toBe('1.0.1');
    expect(await app('docker ps --quiet --no-trunc | sort')).toBe(before);
    expect(await migrated()).toEqual(['1.0.0', '1.0.1']);
    expect(await record()).toMatchObject({ version: '1.0.0', result: 'ended with code 3' });
  });

  test('a release that is killed while it migrates leaves the old one serving, and the next removes what is left and migrates', async () => {
    const { stack } = scene();
    await stack.configure({ env: { ...env, MIGRATION_SECONDS: '15' } });
    const release = stack.up();
    const left = await migrates();
    // Nothing of the new release runs beside the old one meanwhile
    expect((await containersOf('berth.service=app')).trim().split('\n')).toHaveLength(1);
    await app('systemctl kill --kill-whom=main --signal=KILL berth-converge.service');
    const killed = await release;
    expect(killed.code, killed.output).not.toBe(0);
    expect(killed.output).toContain('the release was killed before its end');
    expect(await serves()).toBe('1.0.1');
    expect(await record()).toMatchObject({ result: 'was killed before its end' });

    const again = await stack.up();
    expect(again.code, again.output).toBe(0);
    expect(await serves()).toBe('1.0.0');
    expect(await app('docker ps --all --quiet')).not.toContain(left.trim());
    expect(await containersOf('berth.job=migrate')).toBe('');
    // The killed one was stopped, and did not come to its end
    expect(await migrated()).toEqual(['1.0.0', '1.0.1', '1.0.0']);
  });

  test('a release that changes other things, on a machine that is mended by it, migrates nothing', async () => {
    const { stack } = scene();
    await app('docker rm --force $(docker ps --quiet --filter label=berth.service=app)');
    await stack.configure({ uploads: { largestMb: 6 } });
    const mended = await stack.up();
    expect(mended.code, mended.output).toBe(0);
    expect(await serves()).toBe('1.0.0');
    expect(await migrated()).toEqual(['1.0.0', '1.0.1', '1.0.0']);
  });

  const run = (words: readonly string[], input?: string) => {
    const { stack } = scene();
    return berthOn(stack, ['run', stack.place.stack, 'lostops', ...words], input);
  };
  const beside = (input: string | undefined, ...command: string[]) => run(['app', '--', ...command], input);

  test('a job that is asked for says what it does, and leaves nothing', async () => {
    const { code, stdout, stderr } = await run(['migrate']);
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: 'migrated to 1.0.0\n' });
    expect(stderr).toContain('job migrate succeeded');
    expect(await containersOf('berth.job=migrate')).toBe('');
    expect(await migrated()).toEqual(['1.0.0', '1.0.1', '1.0.0', '1.0.0']);
    expect(await app('journalctl -t berth --no-pager --lines 20')).toContain('migrate: migrated to 1.0.0');
  });

  test('a command beside the application has its image, settings, files and database, and what is passed to it', async () => {
    expect(await beside(undefined, 'cat', '/etc/lostops/ca.pem')).toMatchObject({
      code: 0,
      stdout: '-----BEGIN CERTIFICATE-----\nan-own-authority-0123456789\n-----END CERTIFICATE-----',
    });
    const tinker = await beside(
      "echo version(), ' ', counted(database()), ' ', getenv('APP_ENV');",
      'php',
      'artisan',
      'tinker',
    );
    expect(tinker.stdout, tinker.stderr).toMatch(/^1\.0\.0 \d+ production$/);
  });

  test('it ends with the code of its command, is called by nobody, and nothing of it is left', async () => {
    expect(await beside(undefined, 'sh', '-c', 'echo "it is $1" >&2; exit 7', 'sh', 'so')).toMatchObject({
      code: 7,
      stdout: '',
      stderr: expect.stringContaining('it is so'),
    });
    expect(await app('docker ps --all --quiet --filter label=com.docker.compose.project=lostops-run')).toBe('');
    expect(await serves()).toBe('1.0.0');
  });

  test('how its last run ended is told to Prometheus, and a run that failed by a look at the machine', async () => {
    const { stack, inRole } = scene();
    const port = (await inRole('monitoring', 'docker port lostops-base-prometheus-1 9090')).trim();
    const ask = async () =>
      JSON.parse(
        await inRole('monitoring', `curl --silent --fail 'http://${port}/api/v1/query?query=berth_job_succeeded'`),
      ).data.result;
    const [figure] = await eventually(60, ask, (found) => found.length > 0);
    expect(figure).toMatchObject({ metric: { system: 'lostops', name: 'migrate', machine: 'lostops-app-0' } });
    expect(figure.value[1]).toBe('1');
    const looked = () => berthOn(stack, ['status', stack.place.stack, '--check']);
    expect((await looked()).stdout).not.toMatch(/ job /);
    const file = '/var/lib/berth/lostops/jobs/migrate.json';
    await app(`sed -i.kept 's/"result": ""/"result": "ended with code 3"/' ${file}`);
    expect((await looked()).stdout).toMatch(/ job +migrate +ended with code 3, begun at .* UTC/);
    await app(`mv ${file}.kept ${file}`);
  });

  test('a mistake is told with what there is', async () => {
    expect(await run(['backup'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there is no job backup: jobs are migrate, services app, worker-0, scheduler'),
    });
  });
}
