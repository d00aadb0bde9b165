import { type AddressInfo, connect } from 'node:net';
import ssh2 from 'ssh2';
import { expect, onTestFinished, test } from 'vitest';
import { hostScript, toldDifferences } from '../../../src/cli/status/check.ts';
import { keyPair } from '../../../src/keyPair.ts';
import { berth, berthHere, deployedProject, offNow, outputsOf } from './berth.ts';

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

const inPlace = 'version\t0123456789abcdef\t3.3.0\n';

test('a machine gets the script by standard input alone, and each difference that it tells is a line', async () => {
  const { seen, port } = await machine(`${inPlace}file\t/etc/docker/daemon.json\tis missing\nend\n`);
  // A program shows that nothing of the connection is left, which it would wait for
  const { code, stdout, stderr } = await check(port, hostKey.public, [], berth);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toMatch(/\nMACHINE +KIND +DIFFERENCE\nbasegun-web-0 +file +\/etc\/docker\/daemon\.json is missing\n$/);
  expect(seen.commands).toEqual(['sudo -n timeout 120 bash -s -- basegun']);
  expect(seen.script).toBe(hostScript());
});

test('with --json the differences are added, none too', async () => {
  const { port } = await machine(`${inPlace}end\n`);
  const { stdout } = await check(port, hostKey.public, ['--json']);
  expect(JSON.parse(stdout)).toMatchObject({ stack: 'local', differences: [] });
});

test('a machine with another host key is told, and nobody logs in to it', async () => {
  const { seen, port } = await machine('end\n');
  const { code, stdout } = await check(port, keyPair('other').public);
  expect(code).toBe(1);
  expect(stdout).toContain(
    `unreachable  berth@127.0.0.1:${port} can't be logged in to: it shows another host key than the pinned one`,
  );
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
  const { port, seen } = await machine(`${inPlace}mode\t/etc/x\tis 0777\nend\n`);
  const { asked, port: gate } = await bastion();
  const { code, stdout, stderr } = await checkThrough(gate, port, gateKey.public, berth);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toMatch(/basegun-web-0 +mode +\/etc\/x is 0777\n/);
  expect(stdout).toMatch(/basegun-web-0 +web at 192\.0\.2\.16, SSH of its bastion 127\.0\.0\.1 answers\n/);
  expect(asked).toEqual([`10.20.0.20:${port}`]);
  expect(seen.commands).toHaveLength(1);
});

test('a bastion with another host key is named, and nothing is asked of it', async () => {
  const { port, seen } = await machine('end\n');
  const { asked, port: gate } = await bastion();
  const { stdout } = await checkThrough(gate, port, keyPair('other').public);
  expect(stdout).toContain(
    `berth@10.20.0.20:${port} can't be logged in to: the bastion jump@127.0.0.1:${gate}: it shows another host key than the pinned one`,
  );
  expect(asked).toEqual([]);
  expect(seen.logins).toBe(0);
});

test('a machine behind a bastion with another host key than the pinned one is not logged in to', async () => {
  const { port, seen } = await machine('end\n');
  const { port: gate } = await bastion();
  const { stdout } = await checkThrough(gate, port, gateKey.public, berthHere, keyPair('other').public);
  expect(stdout).toContain(
    `berth@10.20.0.20:${port} can't be logged in to: it shows another host key than the pinned one`,
  );
  expect(seen.logins).toBe(0);
});

test('what a bastion does not reach is told as such', async () => {
  const { port: gate } = await bastion();
  const { stdout } = await checkThrough(gate, 9);
  expect(stdout).toContain(`can't be logged in to: the bastion jump@127.0.0.1:${gate}: (SSH) Channel open failure`);
});

test('a machine that does not answer is told, with why that may be', async () => {
  const { code, stdout, stderr } = await check(9, hostKey.public);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toMatch(/unreachable +berth@127\.0\.0\.1:9 can't be logged in to: .*ECONNREFUSED/);
  expect(stdout).toContain("SSH is open to the operators' networks alone");
});

test('a machine that is off by its schedule is no difference; one that somebody has started is looked at', async () => {
  const off = await check(9, hostKey.public, [], berthHere, { schedule: offNow() });
  expect(off).toMatchObject({ code: 0, stderr: '' });
  expect(off.stdout).toMatch(/basegun-web-0 +web at 192\.0\.2\.16, off until/);
  const { port, seen } = await machine(`${inPlace}mode\t/etc/x\tis 0777\nend\n`);
  const started = await check(port, hostKey.public, [], berthHere, { schedule: offNow() });
  expect(started.stdout).toContain('/etc/x is 0777');
  expect(seen.commands).toHaveLength(1);
  // Its bastion is always on, and says nothing of it
  const proxy = { user: 'jump', address: '127.0.0.1', port, hostKey: hostKey.public };
  const ssh = { user: 'berth', address: '10.20.0.20', port: 22, hostKey: hostKey.public, proxy };
  const behind = await check(port, hostKey.public, [], berthHere, { schedule: offNow(), ssh });
  expect(behind).toMatchObject({ code: 0, stderr: '' });
  expect(behind.stdout).toMatch(/basegun-web-0 +web at 192\.0\.2\.16, off until/);
});

test.each([
  ['that ended early', { code: 0, stdout: inPlace, stderr: '' }, 'it ended with code 0'],
  ['that failed', { code: 75, stdout: '', stderr: 'first\na release runs\n' }, 'a release runs'],
  ['that was killed', { code: undefined, stdout: `${inPlace}end\n`, stderr: '' }, 'it ended with code none'],
])('a look %s finds no machine in order', (_, run, why) => {
  expect(toldDifferences(run, '3.3.0', 'berth@192.0.2.1:22')).toEqual([
    { kind: 'unknown', what: 'berth@192.0.2.1:22', difference: `can't be compared: ${why}` },
  ]);
});

test('another version than the deployed one is a difference', () => {
  const run = { code: 0, stdout: `${inPlace}end\n`, stderr: '' };
  expect(toldDifferences(run, '3.3.1', '')).toEqual([
    { kind: 'release', what: '0123456789abcdef', difference: 'is version 3.3.0, 3.3.1 is deployed' },
  ]);
});
