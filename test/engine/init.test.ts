import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { checkout } from '../../src/paths.ts';
import { findEngine, pathWith } from '../../src/pulumi/engine.ts';
import { address, describeLocal, images, type LocalStack, outputs, receiverOf } from './local-cloud.ts';
import { docker, environmentOf, until } from './local-docker.ts';

describeLocal("an environment on the local cloud's S3 server", (stack) => {
  let place: Place;
  beforeAll(async () => {
    place = await preparedPlace(stack());
  });
  afterAll(() => place?.remove());

  test('berth init makes its stack in the bucket and sets a secret, which comes back; again, it changes nothing', async () => {
    const first = await place.init('passphrase=hush-pass\nmad/redisPassword=hush-redis\n');
    expect(first).toMatchObject({ code: 0, said: expect.stringContaining('✓ stack preprod created') });
    expect(await place.objects('stacks/berth')).toContain('preprod.json');
    const path = 'berth:secrets["mad/redisPassword"]';
    expect((await place.pulumi('config', 'get', '--path', path, '--stack', 'preprod')).said).toBe('hush-redis\n');
    const written = await place.stackFile();
    expect(written).toContain('encryptionsalt: v1:');
    expect(written).not.toContain('hush');

    const second = await place.init('');
    expect(second).toMatchObject({
      code: 0,
      said: expect.stringMatching(/^✓ the stack exists and has all its secrets/m),
    });
    expect(await place.stackFile()).toBe(written);
  });

  test('berth secrets lists them without a value, and gives one another from standard input and from an editor', async () => {
    const set = await place.secrets('hush-two\n', '--set', 'mad/redisPassword');
    expect(set).toMatchObject({ code: 0, said: expect.stringContaining('✓ mad/redisPassword set') });
    expect(set.said).toContain('mad-api: api is started beside the running one');
    const path = 'berth:secrets["mad/redisPassword"]';
    const value = async () => (await place.pulumi('config', 'get', '--path', path, '--stack', 'preprod')).said;
    expect(await value()).toBe('hush-two\n');
    const edit = await place.secrets('', '--edit', 'mad/redisPassword');
    expect(edit, edit.said).toMatchObject({ code: 0 });
    expect(await value()).toBe('hush-three\n');
    const list = await place.secrets('');
    expect(list.said).toMatch(/^mad\/redisPassword +\S.* {2}\S/m);
    for (const { said } of [set, edit, list]) expect(said).not.toContain('hush');
    const wrong = await place.secrets('hush', '--set', 'mad/redisPasword');
    expect(wrong).toMatchObject({ code: 1, said: expect.stringContaining('did you mean mad/redisPassword?') });
    const empty = await place.secrets('', '--set', 'mad/redisPassword');
    expect(empty).toMatchObject({ code: 1, said: expect.stringContaining('is empty: nothing was changed') });
    expect(await place.stackFile()).not.toContain('hush');
  });

  test('a preview takes no lock; an up takes one, which others are told of; killed, it leaves it to pulumi cancel', async () => {
    await place.hold(true);
    const preview = place.start('preview');
    await until(place.held);
    expect(await place.objects('locks')).toEqual([]);
    await place.hold(false);
    expect(await preview.done).toMatchObject({ code: 0 });

    await place.hold(true);
    const up = place.start('up', '--yes', '--skip-preview');
    await until(place.held);
    const locks = await place.objects('locks');
    expect(locks).toHaveLength(1);
    const beside = await place.pulumi('up', '--yes', '--skip-preview', '--stack', 'preprod');
    expect(beside.code).not.toBe(0);
    expect(beside.said).toContain('currently locked by 1 lock(s)');
    expect(beside.said).toContain(`(pid ${up.pid})`);

    for (const pid of [up.pid, ...(await startedBy(up.pid))]) process.kill(pid, 'SIGKILL');
    await up.done;
    await place.hold(false);
    expect(await place.objects('locks')).toEqual(locks);
    expect((await place.pulumi('cancel', 'preprod', '--yes')).code).toBe(0);
    expect(await place.objects('locks')).toEqual([]);
    expect((await place.pulumi('up', '--yes', '--skip-preview', '--stack', 'preprod')).code).toBe(0);
    expect(await place.objects('backups/berth/preprod')).toHaveLength(1);
  });
});

type Place = Awaited<ReturnType<typeof preparedPlace>>;

/** A project whose program waits while there is a file `hold`, with its state in a bucket of a stack */
async function preparedPlace(stack: LocalStack) {
  const bucket = receiverOf(stack.prefix, 'Bucket', 'states', 3, images.objectStore, { bucketName: 'states' });
  await stack.want({ network: { type: 'Network', inputs: { name: stack.prefix } }, bucket });
  const made = await stack.run('up');
  if (made.code !== 0) throw new Error(made.output);
  const container = `${stack.prefix}-states`;
  const keys = await environmentOf(container);
  const engine = await findEngine(() => undefined);
  const folder = await mkdtemp(join(tmpdir(), 'berth-init-test-'));
  const backend = `s3://states?region=us-east-1&endpoint=http://${address(await outputs(stack), 'bucket')}:7070&s3ForcePathStyle=true`;
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('PULUMI_'));
  const env = {
    ...Object.fromEntries(own),
    ...{ PATH: pathWith(engine), PULUMI_HOME: join(folder, 'home'), PULUMI_CREDENTIAL_STORE: 'plaintext' },
    ...{ AWS_ACCESS_KEY_ID: keys.ROOT_ACCESS_KEY, AWS_SECRET_ACCESS_KEY: keys.ROOT_SECRET_KEY },
    PULUMI_SKIP_UPDATE_CHECK: 'true',
  };
  const byHand = { ...env, PULUMI_BACKEND_URL: backend, PULUMI_CONFIG_PASSPHRASE: 'hush-pass' };
  await symlink(join(checkout, 'node_modules'), join(folder, 'node_modules'));
  const runtime = { name: 'nodejs', options: { typescript: false } };
  const { config } = parse(await readFile(join(checkout, 'Pulumi.preprod.yaml'), 'utf8'));
  const { mad } = config['berth:systems'];
  await Promise.all([
    writeFile(join(folder, 'Pulumi.yaml'), stringify({ name: 'berth', runtime, main: 'index.js' })),
    writeFile(join(folder, 'package.json'), '{"type":"module"}'),
    writeFile(join(folder, 'index.js'), program),
    writeFile(join(folder, 'Pulumi.preprod.yaml'), stringify({ config: { ...config, 'berth:systems': { mad } } })),
  ]);
  const pulumi = (...args: readonly string[]) => run('pulumi', [...args, '--non-interactive'], folder, byHand);
  return {
    folder,
    pulumi: (...args: readonly string[]) => pulumi(...args).done,
    start: (...args: readonly string[]) => pulumi(...args, '--stack', 'preprod'),
    /** Whether the program waits from now on, and whether it does */
    hold: async (waits: boolean) => {
      await Promise.all(['hold', 'held'].map((name) => rm(join(folder, name), { force: true })));
      if (waits) await writeFile(join(folder, 'hold'), '');
    },
    held: async () => existsSync(join(folder, 'held')),
    init: (lines: string) => {
      const words = ['init', 'preprod', '--backend', backend, '--secrets-provider', 'passphrase'];
      return run(process.execPath, [join(checkout, 'src/start/berth.js'), ...words], folder, env, lines).done;
    },
    secrets: (input: string, ...words: readonly string[]) => {
      const env = { ...byHand, EDITOR: "sed -i 's/two/three/'" };
      return run(
        process.execPath,
        [join(checkout, 'src/start/berth.js'), 'secrets', 'preprod', ...words],
        folder,
        env,
        input,
      ).done;
    },
    stackFile: () => readFile(join(folder, 'Pulumi.preprod.yaml'), 'utf8'),
    /** The names below a folder of the state */
    async objects(below: string): Promise<readonly string[]> {
      const from = `/data/states/.pulumi/${below}`;
      const found = await docker(
        'exec',
        container,
        'sh',
        '-c',
        `[ ! -d ${from} ] || find ${from} -type f -printf '%f\\n'`,
      );
      return found.split('\n').filter((name) => name !== '');
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

const program = `
import { existsSync, writeFileSync } from 'node:fs';
if (existsSync('hold')) writeFileSync('held', '');
while (existsSync('hold')) await new Promise((resolve) => setTimeout(resolve, 100));
export const done = true;
`;

/** The programs that a program has started, and those that they have */
async function startedBy(pid: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-e', '-o', 'pid=,ppid=']);
  const lines = stdout.trim().split('\n');
  const all = lines.map((line) => line.trim().split(/\s+/).map(Number) as [pid: number, parent: number]);
  const below = (parent: number): number[] => all.flatMap(([own, of]) => (of === parent ? [own, ...below(own)] : []));
  return below(pid);
}

function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv, input?: string) {
  const child = spawn(command, args, { cwd, env });
  child.stdin.end(input);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
  }
  const done = new Promise<{ code: number | null; said: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, said }));
  });
  return { done, pid: child.pid ?? 0 };
}
