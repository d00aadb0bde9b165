import { expect, test } from 'vitest';
import { stackFile } from '../../../../../src/pulumi/place.ts';
import { berthOn } from '../../../../../test/e2e/berth.ts';
import { farOff } from '../../../../../test/e2e/farOff.ts';
import { inMachine } from '../../../../../test/e2e/stack.ts';
import { actions } from './actions.ts';
import type { Scene } from './scene.ts';

/** The site moves from a database elsewhere to one on a machine of its own in its stack */
export function ownDatabase(scene: () => Scene): void {
  const { serving } = actions(scene);
  const berth = (...[command = '', ...words]: string[]) =>
    berthOn(scene().stack, [command, scene().stack.place.stack, ...words]);
  const database = (script: string) => inMachine(scene().stack, script, 'database-0');
  const secret = (name: string) => ['--path', `berth:secrets["catalogage/${name}"]`];
  const config = (...words: string[]) =>
    scene().stack.pulumi('config', ...words, '--config-file', stackFile(scene().stack.place));
  const set = (name: string, value: string) => config('set', '--secret', ...secret(name), value);
  const asked = async (sql: string): Promise<string> => {
    const words = ['--administrator', scene().stack.place.stack, 'catalogage', '--', '--no-align', '--tuples-only'];
    const { code, stdout, stderr } = await berthOn(scene().stack, ['sql', ...words], sql);
    expect(code, stderr).toBe(0);
    return stdout.trim();
  };
  const titles = async (): Promise<string[]> =>
    JSON.parse((await scene().site.getAnew('/api/datasets/')).body)
      .map(({ title }: { title: string }) => title)
      .sort();
  let first: string[];

  test('it comes up on a machine of its own, migrated, and the site asks it by TLS alone', async () => {
    await scene().stack.configure({ database: { size: 'small', backups: { calendar: farOff() } } });
    await config('rm', ...secret('databaseUrl'));
    for (const name of ['databasePassword', 'exporterPassword', 'backupsPassword']) await set(name, `the-${name}-1`);
    const { code, output } = await scene().stack.up();
    expect(code, output).toBe(0);
    first = await titles();
    expect(first).toContain('Lighthouses');
    const sessions = "FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'catalogage'";
    expect(await asked(`SELECT count(*) > 0, bool_and(ssl) ${sessions}`)).toBe('t|t');
    expect(await database('curl -s http://127.0.0.1:9187/metrics')).toMatch(/^pg_up 1$/m);
  });

  test('it is backed up, its newest backup is tried, and over what was lost every row comes back', async () => {
    for (const words of [
      ['backup', 'catalogage'],
      ['run', 'catalogage', 'try-restore-postgres'],
    ]) {
      const done = await berth(...(words as [string, ...string[]]));
      expect(done.code, done.stdout + done.stderr).toBe(0);
    }
    await asked('DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION pg_database_owner');
    const restored = await berth('restore', 'catalogage', '--over', '--really', 'catalogage');
    expect(restored.code, restored.stdout + restored.stderr).toBe(0);
    expect(await titles()).toEqual(first);
  });

  test('a changed password is the one of both from the release on', async () => {
    await set('databasePassword', 'the-databasePassword-2');
    const { code, output } = await scene().stack.up();
    expect(code, output).toBe(0);
    expect(await titles()).toEqual(first);
    const login = (password: string) =>
      database(
        `docker exec --env PGPASSWORD=${password} catalogage-base-postgres-1 psql --host 127.0.0.1 --username catalogage --command 'SELECT 1' 2>&1 || true`,
      );
    expect(await login('the-databasePassword-1')).toContain('password authentication failed');
    expect(await login('the-databasePassword-2')).toContain('(1 row)');
  });

  test('a release with another major version than that of the data is refused, and its former server serves on', async () => {
    const version = '/var/lib/berth/catalogage/data/postgres/server/PG_VERSION';
    const running = () => database("docker inspect --format '{{.Id}} {{.State.StartedAt}}' catalogage-base-postgres-1");
    const before = await running();
    await database(`echo 16 >${version}`);
    await set('exporterPassword', 'the-exporterPassword-2');
    const refused = await scene().stack.up();
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain("are of PostgreSQL 16, and 17 can't read them: nothing was changed");
    expect(await running()).toBe(before);
    expect(await titles()).toEqual(first);
    expect((await serving()).every(Boolean)).toBe(true);
    await database(`echo 17 >${version}`);
    const { code, output } = await scene().stack.up();
    expect(code, output).toBe(0);
  });
}
