import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { checkScript, toldDifferences } from '../../../../src/cli/status/check.ts';
import { keyPair } from '../../../../src/keyPair.ts';
import { berth, berthHere, deployedProject, offNow, outputsOf, put } from '../berth.ts';

const deployKey = keyPair('deploy');
const hostKey = keyPair('host');

/** A machine that answers every script alike; what it was sent is kept */
async function machine(answer: string, code = 0) {
  const seen = { logins: 0, commands: [] as string[], script: '' };
  const server = new ssh2.Server({ hostKeys: [hostKey.private] }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (login) => {
      seen.logins += 1;
      login.accept();
    });
    client.on('session', (accept) => {
      accept().on('exec', (acceptExec, _reject, { command }) => {
        const channel = acceptExec();
        seen.commands.push(command);
        channel.on('data', (data: Buffer) => {
          seen.script += data;
        });
        channel.on('end', () => {
          channel.write(answer);
          channel.exit(code);
          channel.end();
        });
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { seen, port: (server.address() as AddressInfo).port };
}

/** `berth status --check` of a stack with one machine, whose site answers nothing */
async function check(port: number, pinned: string, words: readonly string[] = [], run = berthHere, more: object = {}) {
  const { systems } = outputsOf('http://basegun.localhost:9');
  const ssh = { user: 'berth', address: '127.0.0.1', port, hostKey: pinned };
  const machines = { 'basegun-web-0': { ...systems.basegun.machines['basegun-web-0'], ssh, ...more } };
  const outputs = { systems: { basegun: { ...systems.basegun, machines } } };
  const { project, env } = deployedProject(outputs, deployKey.private.trim());
  return run(['status', 'local', '--check', ...words], project, env);
}

interface Told {
  kind: string;
  where: string;
  what: string;
}

/** What the engine on a machine answers */
const told = (...differences: readonly Told[]): string =>
  `${JSON.stringify({ release: '0123456789abcdef', version: '3.3.0', differences })}\n`;
const open = { kind: 'mode', where: '/etc/x', what: 'is 0777' };

test('a machine gets the script by standard input alone, and each difference that it tells is a line', async () => {
  const { seen, port } = await machine(told({ kind: 'file', where: '/etc/docker/daemon.json', what: 'is missing' }));
  // A program shows that nothing of the connection is left, which it would wait for
  const { code, stdout, stderr } = await check(port, hostKey.public, [], berth);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toMatch(/\nMACHINE +KIND +DIFFERENCE\nbasegun-web-0 +file +\/etc\/docker\/daemon\.json is missing\n$/);
  expect(seen.commands).toEqual(['sudo -n timeout 30 bash -s -- ', 'sudo -n timeout 120 bash -s -- ']);
  expect(seen.script.endsWith(checkScript('basegun'))).toBe(true);
});

test('with --json the differences are added, none too', async () => {
  const { port } = await machine(told());
  const { stdout } = await check(port, hostKey.public, ['--json']);
  expect(JSON.parse(stdout)).toMatchObject({ stack: 'local', differences: [] });
});

test('a machine with another host key is told, and nobody logs in to it', async () => {
  const { seen, port } = await machine(told());
  const { code, stdout } = await check(port, keyPair('other').public);
  expect(code).toBe(1);
  expect(stdout).toContain(`unreachable  berth@127.0.0.1:${port} login failed: its host key is not the pinned one`);
  expect(seen).toEqual({ logins: 0, commands: [], script: '' });
});

/** A bastion that takes the deploy key, and forwards to this computer alone; what it was asked for is kept */
async function bastion() {
  const asked: string[] = [];
  const server = new ssh2.Server({ hostKeys: [gateKey.private] }, (client) => {
    client.on('error', () => undefined).on('authentication', (login) => login.accept());
    client.on('tcpip', (accept, reject, { destIP, destPort }) => {
      asked.push(`${destIP}:${destPort}`);
      const way = connect({ host: '127.0.0.1', port: destPort });
      way.once('error', reject).once('connect', () => {
        const channel = accept();
        channel.on('error', () => undefined);
        way.off('error', reject).on('error', () => channel.destroy());
        channel.pipe(way).pipe(channel);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { asked, port: (server.address() as AddressInfo).port };
}
const gateKey = keyPair('gate');

/** The same look by way of a bastion, at an address that only the bastion reaches */
const checkThrough = (
  gate: number,
  port: number,
  pinned = gateKey.public,
  run = berthHere,
  behind = hostKey.public,
) => {
  const proxy = { user: 'jump', address: '127.0.0.1', port: gate, hostKey: pinned };
  const ssh = { user: 'berth', address: '10.20.0.20', port, hostKey: behind, proxy };
  return check(port, hostKey.public, [], run, { ssh });
};

test('a machine behind a bastion is looked at by way of it, and both connections end', async () => {
  const { port, seen } = await machine(told(open));
  const { asked, port: gate } = await bastion();
  const { code, stdout, stderr } = await checkThrough(gate, port, gateKey.public, berth);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toMatch(/basegun-web-0 +mode +\/etc\/x is 0777\n/);
  expect(stdout).toMatch(/basegun-web-0 +web at 192\.0\.2\.16, SSH of its bastion 127\.0\.0\.1 answers\n/);
  expect(asked).toEqual([`10.20.0.20:${port}`, `10.20.0.20:${port}`]);
  expect(seen.commands).toHaveLength(2);
});

test('a bastion with another host key is named, and nothing is asked of it', async () => {
  const { port, seen } = await machine(told());
  const { asked, port: gate } = await bastion();
  const { stdout } = await checkThrough(gate, port, keyPair('other').public);
  expect(stdout).toContain(
    `berth@10.20.0.20:${port} login failed: the bastion jump@127.0.0.1:${gate}: its host key is not the pinned one`,
  );
  expect(asked).toEqual([]);
  expect(seen.logins).toBe(0);
});

test('a machine behind a bastion with another host key than the pinned one is not logged in to', async () => {
  const { port, seen } = await machine(told());
  const { port: gate } = await bastion();
  const { stdout } = await checkThrough(gate, port, gateKey.public, berthHere, keyPair('other').public);
  expect(stdout).toContain(`berth@10.20.0.20:${port} login failed: its host key is not the pinned one`);
  expect(seen.logins).toBe(0);
});

test('what a bastion does not reach is told as such', async () => {
  const { port: gate } = await bastion();
  const { stdout } = await checkThrough(gate, 9);
  expect(stdout).toContain(`login failed: the bastion jump@127.0.0.1:${gate}: (SSH) Channel open failure`);
});

test('a machine that does not answer is told, with why that may be', async () => {
  const { code, stdout, stderr } = await check(9, hostKey.public);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toMatch(/unreachable +berth@127\.0\.0\.1:9 login failed: .*ECONNREFUSED/);
  expect(stdout).toContain("SSH is only open to the operators' networks");
});

test('a machine that is off by its schedule is no difference; one that somebody has started is looked at', async () => {
  const off = await check(9, hostKey.public, [], berthHere, { schedule: offNow() });
  expect(off).toMatchObject({ code: 0, stderr: '' });
  expect(off.stdout).toMatch(/basegun-web-0 +web at 192\.0\.2\.16, off until/);
  const { port, seen } = await machine(told(open));
  const started = await check(port, hostKey.public, [], berthHere, { schedule: offNow() });
  expect(started.stdout).toContain('/etc/x is 0777');
  expect(seen.commands).toHaveLength(2);
  // Its bastion is always on, and says nothing of it
  const proxy = { user: 'jump', address: '127.0.0.1', port, hostKey: hostKey.public };
  const ssh = { user: 'berth', address: '10.20.0.20', port: 22, hostKey: hostKey.public, proxy };
  const behind = await check(port, hostKey.public, [], berthHere, { schedule: offNow(), ssh });
  expect(behind).toMatchObject({ code: 0, stderr: '' });
  expect(behind.stdout).toMatch(/basegun-web-0 +web at 192\.0\.2\.16, off until/);
});

test.each([
  ['that ended early', { code: 0, stdout: told(open).slice(0, -20), stderr: '' }, 'it ended with code 0'],
  ['that said nothing', { code: 0, stdout: '', stderr: '' }, 'it ended with code 0'],
  [
    'that said something else',
    { code: 0, stdout: '{"release":"0123456789abcdef"}', stderr: '' },
    'it ended with code 0',
  ],
  ['that failed', { code: 75, stdout: '', stderr: 'first\na release runs\n' }, 'a release runs'],
  ['that was killed', { code: undefined, stdout: told(), stderr: '' }, 'it ended with code none'],
])('a look %s finds no machine in order', (_, run, why) => {
  expect(toldDifferences('basegun', run, '3.3.0', 'berth@192.0.2.1:22')).toEqual([
    { kind: 'unknown', what: 'berth@192.0.2.1:22', difference: `can't be compared: ${why}` },
  ]);
});

test('another version than the deployed one is a difference', () => {
  const run = { code: 0, stdout: told(), stderr: '' };
  expect(toldDifferences('basegun', run, '3.3.1', '')).toEqual([
    { kind: 'release', what: '0123456789abcdef', difference: 'is at version 3.3.0; 3.3.1 is deployed' },
  ]);
});

test('a machine without a release is told as such', () => {
  expect(toldDifferences('basegun', { code: 0, stdout: '{}\n', stderr: '' }, '3.3.0', '')).toEqual([
    { kind: 'release', what: '/var/lib/berth/basegun/current', difference: 'has no release' },
  ]);
});

test('a difference of a kind that this berth does not know is one all the same', () => {
  const newer = told({ kind: 'weather', where: 'sky', what: 'is grey' });
  expect(toldDifferences('basegun', { code: 0, stdout: newer, stderr: '' }, '3.3.0', '')).toEqual([
    { kind: 'unknown', what: 'sky', difference: 'is grey' },
  ]);
});

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** What the text that a machine's shell gets says on one with these files */
function asked(files: Readonly<Record<string, string>>): SpawnSyncReturns<string> {
  const folder = mkdtempSync(join(tmpdir(), 'berth-check-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) put(folder, path, text);
  const script = checkScript('basegun').replaceAll('/var/lib/berth/basegun', folder);
  return spawnSync('bash', [], { input: script, encoding: 'utf8' });
}

test('a machine without a release says so, one of an older berth asks for a release, any other runs the engine that it has', () => {
  expect(asked({})).toMatchObject({ status: 0, stdout: '{}\n' });
  const older = asked({ 'current/scripts/check.sh': 'echo end' });
  expect(older).toMatchObject({ status: 1, stdout: '' });
  expect(older.stderr).toContain('deploy it once, then check again');
  const engine = 'import sys; print(sys.argv[1:], sys.stdin.read())';
  expect(asked({ 'current/engine/__main__.py': engine }).stdout).toMatch(/^\['check', '\S+\/current'\] \n$/);
});
