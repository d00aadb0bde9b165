import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { backupOptions } from '../../../src/config/backupFields.ts';
import type { ContainerStep, Job } from '../../../src/model/job.ts';
import { needsOf } from '../../../src/model/value.ts';
import { backupSecrets } from '../../../src/parts/backups/repository.ts';
import { mysql } from '../../../src/parts/mysql.ts';
import { templateFile } from './templateFile.ts';

const input = {
  ...{ role: 'database', calledBy: 'app', database: 'shop', user: 'clerk' },
  ...{ password: 'clerkPassword', rootPassword: 'rootPassword', exporterPassword: 'exporterPassword' },
  memoryMb: 1024,
};
const made = (options: unknown) => mysql({ ...input, backups: { system: 'shop', ...backupOptions.parse(options) } });
const jobsOf = (options: unknown = {}): readonly Job[] => made(options).roles?.database?.jobs ?? [];
const job = (does: string, options?: unknown) => {
  const found = jobsOf(options).find(({ backup }) => backup?.does === does);
  if (!found) throw new Error(`no job does ${does}`);
  return { ...found, steps: found.steps as readonly ContainerStep[] };
};

test('without backups a database has no jobs and no bucket', () => {
  const plain = mysql(input);
  expect(plain.roles?.database?.jobs).toBeUndefined();
  expect(plain.buckets).toBeUndefined();
});

test('backups are taken each third hour and one is tried each week, unless the file says another time', () => {
  expect(job('take').when).toEqual({ calendar: '*-*-* 00/3:20', zone: 'Etc/UTC' });
  expect(job('take', { calendar: '*-*-* 02:30' }).when).toMatchObject({ calendar: '*-*-* 02:30' });
  expect(job('try').when).toMatchObject({ calendar: 'Sun *-*-* 04:50' });
});

test('a dump streams into restic, and a restore into the server: nothing lies between', () => {
  const scripts = (does: string) => job(does).steps.map(({ command, streams }) => [command?.at(-1), streams === true]);
  expect(scripts('take')).toEqual([
    ['/etc/berth/dump.sh', true],
    ['/etc/berth/take.sh', false],
  ]);
  expect(scripts('restore')).toEqual([
    ['/etc/berth/pour.sh', true],
    ['/etc/berth/load.sh', false],
  ]);
});

test('live data are replaced once the application is shut out and a backup of the present is taken', () => {
  const { steps, parameters } = job('restoreOver');
  expect(steps.map(({ command, env }) => [command?.at(-1), env.SHUT_OUT, env.KIND, env.OVER])).toEqual([
    ['/etc/berth/dump.sh', 'yes', undefined, undefined],
    ['/etc/berth/take.sh', undefined, 'before-restore', undefined],
    ['/etc/berth/pour.sh', undefined, undefined, 'yes'],
    ['/etc/berth/load.sh', undefined, undefined, 'yes'],
  ]);
  expect(parameters).toEqual(['SNAPSHOT']);
});

test('eight of three hours, seven days, four weeks and six months are kept', () => {
  expect(job('take').steps[1]?.env.KEEP).toBe('--keep-hourly 8 --keep-daily 7 --keep-weekly 4 --keep-monthly 6');
});

test('no secret is in a command, and no step has those of the other', () => {
  const [dump, take] = job('take').steps;
  expect(needsOf([dump]).secrets).toEqual(['rootPassword']);
  expect(needsOf([take]).secrets).toEqual(['backupsPassword']);
  for (const { steps } of jobsOf()) for (const { command } of steps) expect(needsOf(command).secrets).toEqual([]);
});

test('they lie in a bucket of the system, by the protocol that is asked for', () => {
  expect(made({}).buckets).toEqual([{ name: 'backups', apis: ['s3'] }]);
  expect(needsOf(job('take').steps[1]?.env).refs).toContain('buckets.backups.secretKey');
  expect(made({ storage: 'blob' }).buckets).toEqual([{ name: 'backups', apis: ['blob'] }]);
  expect(needsOf(job('take', { storage: 'swift' }).steps[1]?.env).refs).toContain('buckets.backups.project');
});

const given = {
  repository: 'sftp:keeper@198.51.100.7:/srv/shop',
  hostKey: `ssh-ed25519 ${'AAAAC3NzaC1lZDI1NTE5AAAAI'}${'Q'.repeat(43)}`,
};

test('or at a place that is given: by SFTP with a key of its own and the host key of its server', () => {
  expect(made(given).buckets).toEqual([]);
  const { env, secretFiles, config } = job('take', given).steps[1] ?? {};
  expect(env?.RESTIC_REPOSITORY).toBe(given.repository);
  expect(needsOf(secretFiles).secrets).toEqual(['backupsKey']);
  expect(config?.files.known_hosts).toEqual({ text: `repository ${given.hostKey}\n` });
  expect(Object.keys(backupSecrets(backupOptions.parse(given)))).toEqual(['backupsPassword', 'backupsKey']);
  expect(Object.keys(backupSecrets(backupOptions.parse({})))).toEqual(['backupsPassword']);
  expect(backupSecrets()).toEqual({});
});

test.each([
  [{ repository: given.repository }, 'has an sftp: repository and no hostKey'],
  [{ hostKey: given.hostKey }, 'has a hostKey and no sftp: repository'],
  [{ repository: 'rest:https://me:word@backups.example.org/shop' }, 'has a name or a password in it'],
  [{ repository: '/srv/backups' }, 'is not a repository of restic'],
  [{ calendar: 'each hour' }, "is not a calendar of systemd's"],
  [{ env: { RESTIC_PASSWORD: 'x' } }, 'sets RESTIC_PASSWORD, which the system sets itself'],
])('%j is refused', (options, why) => {
  expect(
    backupOptions
      .safeParse(options)
      .error?.issues.map(({ message }) => message)
      .join(),
  ).toContain(why);
});

const counted = (dump: string) => {
  const { status, stdout } = spawnSync('awk', ['-f', templateFile('mysql/rows.awk')], {
    input: dump,
    encoding: 'utf8',
  });
  return {
    status,
    rows: stdout.split('\n').filter((line) => line.startsWith('-- berth')),
    passed: stdout.startsWith(dump),
  };
};
const whole = '-- Dump completed\n';

test('rows are counted as MySQL and as MariaDB write them, whatever their texts look like', () => {
  const one = "CREATE TABLE `a` (\nINSERT INTO `a` VALUES (1,'x),(y\\'),('),(2,NULL),(3,'\\\\');\n";
  const each = "CREATE TABLE `b` (\nINSERT INTO `b` VALUES\n(1,'),('),\n(2,NULL);\nCREATE TABLE `empty` (\n";
  const { status, rows, passed } = counted(one + each + whole);
  expect({ status, passed }).toEqual({ status: 0, passed: true });
  expect(rows.sort()).toEqual(['-- berth rows a 3', '-- berth rows b 2', '-- berth rows empty 0']);
});

test('a dump without its last line is no dump, and gets no figures', () => {
  expect(counted('CREATE TABLE `a` (\n')).toMatchObject({ status: 1, rows: [] });
});
