import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deployLocal } from '../../../../src/cli/local/deploy.ts';
import { shellWord } from '../../../../src/cli/shell.ts';
import { addressAt } from '../../../../src/model/address.ts';
import { stackFile } from '../../../../src/pulumi/place.ts';
import { type Peer, peer } from '../../../../test/e2e/bare/peer.ts';
import { berthOn } from '../../../../test/e2e/berth.ts';
import { type Client, client, eventually } from '../../../../test/e2e/client.ts';
import { farOff } from '../../../../test/e2e/farOff.ts';
import { networkOf } from '../../../../test/e2e/reach.ts';
import { followed } from '../../../../test/e2e/runbook.ts';
import { inMachine, machineContainer, stdoutOf, systemStack, type TestStack } from '../../../../test/e2e/stack.ts';
import { freePort } from '../../../../test/freePort.ts';
import { rootPassword, secrets } from './secrets.ts';
import { statusPage } from './statusPage.ts';

// What lies on the database's disk comes back from its backups, and what goes wrong with one is said and loses nothing.

const backupsPassword = 'the-backups-0123456789';
const state = '/var/lib/berth/lostops';

let stack: TestStack;
let site: Client;
let keys: string;

beforeAll(async () => {
  keys = await mkdtemp(join(tmpdir(), 'backup-key-'));
  await stdoutOf('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(keys, 'key')]);
  stack = await systemStack({
    name: 'lostops',
    entry: {
      ...{ cloud: 'local', version: '1.0.0', domain: 'lostops.localhost', contact: 'ops@example.org' },
      app: { size: 'small', publish: { 443: await freePort() } },
      database: { size: 'medium' },
      monitoring: { size: 'medium' },
      // A secret that nothing names is refused; the server whose key it is comes later
      backups: { calendar: farOff(), env: { KEEPER_KEY: { secret: 'backupsKey' } } },
    },
    secrets: {
      ...secrets,
      backupsPassword,
      backupsKey: await readFile(join(keys, 'key'), 'utf8'),
    },
  });
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
  const { machines } = await stack.outputs();
  site = await client(stack, machines['lostops-app-0']?.publicAddress ?? '', 'app.lostops.localhost');
});

afterAll(async () => {
  site?.close();
  await stack?.remove();
  if (keys !== undefined) await rm(keys, { recursive: true, force: true });
});

const database = (script: string) => inMachine(stack, script, 'database-0');
const sql = (text: string) =>
  database(
    `docker exec --env MYSQL_PWD='${rootPassword}' lostops-base-mysql-1 mysql --user root --socket /var/run/mysqld/mysqld.sock --skip-column-names --execute "${text}"`,
  );
const berth = (...[command = '', ...words]: string[]) => berthOn(stack, [command, stack.place.stack, ...words]);
const backup = () => berth('backup', 'lostops');
const listed = async () =>
  (await berth('backups', 'lostops')).stdout.split('\n').filter((line) => /^lostops +mysql +\d/.test(line));
const figures = () => database('cat /var/lib/berth/figures/*.prom');
const checksums = async (name: string) =>
  (await sql(`CHECKSUM TABLE ${name}.counters, ${name}.letters`)).replaceAll(`${name}.`, '');
const changedPassword = `an application's "other" \\ password`;
const login = (password: string) =>
  database(
    `docker exec --env MYSQL_PWD=${shellWord(password)} lostops-base-mysql-1 mysql --host 127.0.0.1 --user lostops --skip-column-names --execute 'SELECT 1' 2>&1 || true`,
  );

/** Of a job's own container, once it runs */
const inStep = (step: string, script: string) =>
  eventually(
    180,
    () => database(`docker exec lostops-job-${step} sh -c '${script}' 2>&1 || true`),
    (said) => said.includes('done'),
  );

const rows = 2 ** 16;
let written: string;

test('200 MB are backed up into a bucket of their own, encrypted, and no process list names a secret', async () => {
  await sql(
    `USE lostops; CREATE TABLE letters (id INT AUTO_INCREMENT PRIMARY KEY, body VARBINARY(3000)); INSERT INTO letters (body) VALUES (CONCAT(RANDOM_BYTES(1000), RANDOM_BYTES(600)));${' INSERT INTO letters (body) SELECT CONCAT(RANDOM_BYTES(1000), RANDOM_BYTES(600)) FROM letters;'.repeat(16)} UPDATE letters SET body = CONCAT(body, ' it''s ),( odd') WHERE id % 100 = 0`,
  );
  written = await checksums('lostops');
  const began = Date.now();
  const taking = backup();
  const seen = await eventually(
    60,
    () => database('ps axww -o args'),
    (text) => text.includes('mysqldump') && text.includes('restic'),
  );
  for (const secret of [rootPassword, backupsPassword]) expect(seen).not.toContain(secret);
  const taken = await taking;
  expect(taken.code, taken.stdout + taken.stderr).toBe(0);
  console.log(`backup: ${(Date.now() - began) / 1000} s; ${taken.stdout}`);
  expect(await listed()).toHaveLength(1);
  expect((await listed())[0]).toMatch(/^lostops +mysql +20\S+ \S+ +\d min +\d{3} MB$/);
  const told = await figures();
  expect(told).toMatch(/^berth_backup_last_success_timestamp_seconds\{system="lostops",name="mysql"\} \d{10}$/m);
  expect(told).toMatch(/^berth_backup_size_bytes\{system="lostops",name="mysql"\} \d{9}$/m);
  expect(await database(`ls ${state}/jobs`)).not.toContain('scratch');
});

test("the database's prompt takes what is passed to it, as the application's user or as its administrator", async () => {
  const asked = (...options: string[]) =>
    berthOn(
      stack,
      ['sql', ...options, stack.place.stack, 'lostops', '--', '--skip-column-names'],
      'SELECT CURRENT_USER()',
    );
  expect(await asked()).toMatchObject({ code: 0, stdout: 'lostops@%\n' });
  expect(await asked('--administrator')).toMatchObject({ code: 0, stdout: 'root@localhost\n' });
});

test('two at once are one: the other says so, and has begun nothing', async () => {
  const both = await Promise.all([backup(), backup()]);
  expect(both.map(({ code }) => code).sort()).toEqual([0, 75]);
  expect(both.map(({ stderr }) => stderr).join()).toContain('job backup-mysql is already running: nothing was started');
  expect(await listed()).toHaveLength(2);
});

describe('the status page', () => statusPage(() => stack));

test('a dump that is cut in the middle makes no backup, and those of before are whole', async () => {
  const taking = backup();
  expect(await inStep('backup-mysql-1', 'kill -9 $(pgrep -f "^(mysql|mariadb-)dump") && echo done')).toContain('done');
  const cut = await taking;
  expect(cut.code).not.toBe(0);
  const said = cut.stdout + cut.stderr;
  expect(said).toContain('the dump of the database broke off');
  expect(said).toContain('no snapshot was made; those of before are whole');
  // Both ends of the stream fail, and either may end first
  expect(said).toMatch(/error: job backup-mysql at step [12] of 2 ended with code 1/);
  expect(await listed()).toHaveLength(2);
  expect((await berth('status', '--check')).stdout).toMatch(/ job +backup-mysql +at step [12] of 2 ended with code 1/);
});

test('a wrong password and a repository that is gone are told by name, and what is there stays as it is', async () => {
  const release = `${state}/current/jobs.yaml`;
  await database(`sed -i.kept 's/${backupsPassword}/another/' "$(readlink -f ${release})"`);
  const refused = await backup();
  await database(`mv "$(readlink -f ${release}).kept" "$(readlink -f ${release})"`);
  expect(refused.code).toBe(1);
  expect(refused.stdout + refused.stderr).toContain('the password is not that of the repository');

  const bucket = await bucketContainer();
  await stdoutOf('docker', ['exec', bucket, 'mv', '/data/lostops-backups/config', '/data/config']);
  const gone = await backup();
  await stdoutOf('docker', ['exec', bucket, 'mv', '/data/config', '/data/lostops-backups/config']);
  expect(gone.code).toBe(1);
  expect(gone.stdout + gone.stderr).toContain('the repository is gone, with the former backups');
  expect(await listed()).toHaveLength(2);
});

const bucketContainer = async () =>
  (
    await stdoutOf('docker', ['ps', '--format', '{{.Names}}', '--filter', `name=berth-${stack.place.stack}-.*backups`])
  ).trim();

test('the newest is restored and counted, as each week, and let go', async () => {
  const tried = await berth('run', 'lostops', 'try-restore-mysql');
  expect(tried.code, tried.stdout + tried.stderr).toBe(0);
  expect(tried.stdout).toMatch(/the newest backup can be restored: \d tables with \d{5} rows, as when it was taken/);
  expect(await figures()).toMatch(
    /^berth_restore_test_last_success_timestamp_seconds\{system="lostops",name="mysql"\} \d{10}$/m,
  );
  expect(await sql('SHOW DATABASES')).not.toContain('berth_restore_test');
  const timers = await database('systemctl list-timers --all "berth-job-*"');
  for (const job of ['backup-mysql', 'try-restore-mysql']) expect(timers).toContain(`berth-job-lostops-${job}.timer`);
});

test('beside the live database a backup is restored with every row, and never over one that is there', async () => {
  await sql('DELETE FROM lostops.letters WHERE id % 2 = 0');
  expect(await followed(stack, 'systems/lostops/README.md', 'Data has to come back')).toMatchObject({
    code: 0,
    said: expect.stringMatching(/^lostops +mysql +20\S+ /m),
  });
  const beside = await berth('restore', 'lostops', '--into', 'looked_at');
  expect(beside.code, beside.stdout + beside.stderr).toBe(0);
  expect(await checksums('looked_at')).toBe(written);
  const again = await berth('restore', 'lostops', '--into', 'looked_at');
  expect(again.code).not.toBe(0);
  expect(again.stdout + again.stderr).toContain('a database looked_at is there already');
  expect(await checksums('looked_at')).toBe(written);
});

test('after its machine and its disk are gone, nothing is backed up over what is to be restored, and every row comes back', async () => {
  const machine = await machineContainer(stack, 'database-0');
  const disk = (await stdoutOf('docker', ['inspect', '--format', '{{range .Mounts}}{{.Name}} {{end}}', machine])).split(
    ' ',
  );
  await stdoutOf('docker', ['rm', '--force', '--volumes', machine]);
  const named = (await stdoutOf('docker', ['volume', 'ls', '--quiet', '--filter', `name=berth-${stack.place.stack}`]))
    .split('\n')
    .filter((one) => disk.includes(one));
  if (named.length > 0) await stdoutOf('docker', ['volume', 'rm', ...named]);
  // It serves again once its tables are there
  expect(await deployLocal(stack, 0)).toMatchObject({ healthy: false });
  expect(await sql('SHOW TABLES FROM lostops')).not.toContain('letters');

  const refused = await backup();
  expect(refused.code).toBe(1);
  expect(refused.stdout + refused.stderr).toContain(
    'this disk is new, and the repository holds backups of the one before',
  );

  const asked = await berth('restore', 'lostops', '--over');
  expect(asked.code).toBe(1);
  expect(asked.stderr).toMatch(/mysql of lostops .* would be replaced .* Nothing was done.*add --really lostops/);
  const began = Date.now();
  const restored = await berth('restore', 'lostops', '--over', '--really', 'lostops');
  expect(restored.code, restored.stdout + restored.stderr).toBe(0);
  console.log(`restore over: ${(Date.now() - began) / 1000} s; ${restored.stdout}`);
  expect(await checksums('lostops')).toBe(written);
  expect(await sql('SELECT COUNT(*) FROM lostops.letters')).toBe(`${rows}\n`);
  const answer = await eventually(
    20,
    () => site.getAnew('/health'),
    ({ status }) => status === 200,
  );
  expect(answer.status).toBe(200);
  expect(await backup()).toMatchObject({ code: 0 });
  expect((await listed()).join('\n')).toMatch(/before a restore$/m);
});

test("a changed password is the database's from the release on; another server by SFTP keeps backups as well, and a full disk there loses none", async () => {
  const network = await networkOf(stack);
  const keeper: Peer = await peer(stack, 'keeper', addressAt(network.subnet, 203), network.name);
  try {
    const key = (await readFile(join(keys, 'key.pub'), 'utf8')).trim();
    await keeper.run(`
      mkdir -p /run/sshd /srv/kept && mount -t tmpfs -o size=30m,mode=0755 tmpfs /srv/kept
      ssh-keygen -A >/dev/null && useradd --create-home --password '*' keeper && chown keeper /srv/kept
      install -d -o keeper /home/keeper/.ssh && echo '${key}' >/home/keeper/.ssh/authorized_keys
      /usr/sbin/sshd -f /dev/null -o HostKey=/etc/ssh/ssh_host_ed25519_key -o 'Subsystem=sftp internal-sftp'`);
    const hostKey = (await keeper.run('cut -d" " -f1,2 /etc/ssh/ssh_host_ed25519_key.pub')).trim();
    const repository = `sftp:keeper@${addressAt(network.subnet, 203)}:/srv/kept/lostops`;
    await sql('DROP TABLE lostops.letters');
    await stack.configure({ backups: { calendar: farOff(), repository, hostKey } });
    const secret = 'berth:secrets["lostops/databasePassword"]';
    const file = ['--config-file', stackFile(stack.place)];
    await stack.pulumi('config', 'set', '--secret', '--path', secret, changedPassword, ...file);
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    expect(await sql("SELECT COUNT(*) FROM information_schema.user_privileges WHERE grantee LIKE '%lostops%'")).toBe(
      '1\n',
    );
    expect(await site.getAnew('/health')).toMatchObject({ status: 200 });
    expect(await login('the-application-0123456789')).toContain('Access denied');
    expect(await login(changedPassword)).toBe('1\n');
    const other = await berth('backup', 'lostops', '--new');
    expect(other.code, other.stdout + other.stderr).toBe(0);
    expect(await listed()).toHaveLength(1);
    await sql(
      `USE lostops; CREATE TABLE letters (id INT AUTO_INCREMENT PRIMARY KEY, body VARBINARY(3000)); INSERT INTO letters (body) VALUES (RANDOM_BYTES(1000));${' INSERT INTO letters (body) SELECT RANDOM_BYTES(1000) FROM letters;'.repeat(16)}`,
    );
    const full = await backup();
    expect(full.code).not.toBe(0);
    expect(full.stdout + full.stderr).toContain('no snapshot was made; those of before are whole');
    expect(await listed()).toHaveLength(1);
    await keeper.run('mount -o remount,size=300m /srv/kept');
    expect(await backup()).toMatchObject({ code: 0 });
    expect(await berth('run', 'lostops', 'try-restore-mysql')).toMatchObject({ code: 0 });
  } finally {
    await keeper.remove();
  }
});
