import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../freePort.ts';
import { connectionTo, type Declared, declare } from './commands.ts';
import { type EngineRun, messages, nameOf, type Project, temporaryProject } from './engine.ts';
import { commandPlugin, isStandIn } from './plugins.ts';
import { type Sshd, sshdObstacle, startSshd } from './sshd.ts';

const obstacle = await sshdObstacle();
const title =
  obstacle === undefined
    ? 'the connection of a remote command'
    : `the connection of a remote command, skipped: ${obstacle}`;
/** Encrypted with a passphrase; it opens nothing. */
const lock = { passphrase: 'locked', cipher: 'aes256-cbc', rounds: 16 };
const LOCKED_KEY = ssh2.utils.generateKeyPairSync('ed25519', lock).private;
const OTHER_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGDYXIs32dFUYEgAyNE2IKh0tPd8EvvqQ5Z8kCWGl6X2';

describe.skipIf(obstacle !== undefined)(title, () => {
  let sshd: Sshd;
  let bastion: Sshd;
  let project: Project;
  let first: EngineRun;
  let hung: net.Server;
  let full: ChildProcess;
  let closedPort: number;

  beforeAll(async () => {
    // Both take the same key, as both ends of a deployment do; the bastion runs nothing
    [sshd, bastion] = await Promise.all([startSshd(), startSshd({ forced: () => '/bin/false' })]);
    project = await temporaryProject(commandPlugin);
    closedPort = await freePort();
    hung = net.createServer((socket) => setTimeout(() => socket.end(), 2500)).listen(0, '127.0.0.1');
    await once(hung, 'listening');
    full = spawn(process.execPath, ['-e', NEVER_ACCEPTS]);
    const fullPort = Number(String((await once(full.stdout ?? hung, 'data'))[0]));
    await fill(fullPort);

    const { ed25519, ecdsa, rsa } = sshd.hostKeys;
    const to = (changed: Record<string, unknown>): Declared => ({
      create: 'echo fine',
      connection: connectionTo(sshd, changed),
    });
    const through = (proxy: Record<string, unknown>, changed: Record<string, unknown> = {}): Declared =>
      to({ ...changed, proxy: connectionTo(bastion, proxy) });
    await declare(project, {
      proxied: { ...through({}), create: 'echo "fine" >&2; echo $SSH_CONNECTION; cat', stdin: 'the input' },
      proxyUnpinned: through({ hostKey: undefined }),
      proxyWrongHost: through({ hostKey: OTHER_KEY, dialErrorLimit: 1 }, { dialErrorLimit: 3 }),
      proxyGarbage: through({ hostKey: '', dialErrorLimit: 5 }),
      proxyStranger: through({ privateKey: bastion.strangersKey }),
      proxyRefused: through({ port: closedPort, dialErrorLimit: 1 }),
      hostRefused: through({ dialErrorLimit: 3 }, { port: closedPort, dialErrorLimit: 1 }),
      hostWrong: through({}, { hostKey: OTHER_KEY }),
      hostWrongAgain: through({}, { hostKey: OTHER_KEY, dialErrorLimit: 1 }),
      unpinned: to({ hostKey: undefined }),
      newline: to({ hostKey: `${ed25519}\n` }),
      knownHosts: to({ hostKey: `example.org ${ed25519}` }),
      bareType: to({ hostKey: ed25519.split(' ').slice(0, 2).join(' ') }),
      otherType: to({ hostKey: ecdsa }),
      noFinalNewline: to({ privateKey: sshd.privateKey.trimEnd() }),
      wrongHost: to({ hostKey: OTHER_KEY, dialErrorLimit: 1 }),
      rsaHost: to({ hostKey: rsa }),
      bareHost: to({ hostKey: ed25519.split(' ')[1], dialErrorLimit: 5 }),
      emptyHost: to({ hostKey: '', dialErrorLimit: 5 }),
      garbageHost: to({ hostKey: 'ssh-ed25519 nonsense', dialErrorLimit: 5 }),
      stranger: to({ privateKey: sshd.strangersKey, dialErrorLimit: 1 }),
      noKey: to({ privateKey: 'nonsense', dialErrorLimit: 5 }),
      locked: to({ privateKey: LOCKED_KEY, dialErrorLimit: 5 }),
      refused: to({ port: closedPort, dialErrorLimit: 3 }),
      once: to({ port: closedPort, dialErrorLimit: 0 }),
      noPort: to({ port: 99_999 }),
      slow: to({ port: fullPort, perDialTimeout: 1, dialErrorLimit: 1 }),
      mute: to({ port: (hung.address() as net.AddressInfo).port, perDialTimeout: 1 }),
    });
    first = await project.run('up', { args: ['--continue-on-error'] });
  });

  afterAll(async () => {
    full?.kill('SIGKILL');
    hung?.close();
    await project?.remove();
    await Promise.all([sshd?.stop(), bastion?.stop()]);
  });

  const error = (name: string) =>
    (messages(first, name).find(({ severity }) => severity === 'error')?.message ?? '').trim();
  const retries = (name: string) =>
    messages(first, name).filter(({ message, ephemeral }) => ephemeral && message.startsWith('Dial '));

  test.each(['unpinned', 'proxyUnpinned', 'newline', 'knownHosts', 'bareType', 'otherType', 'noFinalNewline'])(
    '%s: connects',
    async (name) => {
      const made = (await project.resources()).find(({ urn }) => nameOf(urn) === name);
      expect(made?.outputs?.stdout, error(name)).toBe('fine');
    },
  );

  test('through a bastion: from its address, with the whole of both streams, and no session of its own', async () => {
    const made = (await project.resources()).find(({ urn }) => nameOf(urn) === 'proxied');
    expect(made?.outputs?.stderr, error('proxied')).toBe('fine');
    const [from = '', input] = String(made?.outputs?.stdout).split('\n');
    expect(from).toMatch(new RegExp(`^127\\.0\\.0\\.1 \\d+ 127\\.0\\.0\\.1 ${sshd.port}$`));
    expect(input).toBe('the input');
    expect(await bastion.forwarded()).toContainEqual(expect.stringMatching(new RegExp(` port ${sshd.port}$`)));
  });

  test('a bastion with another host key, another user or nobody there stops it, as the proxy', () => {
    expect(error('proxyWrongHost')).toBe(
      'proxy: after 1 failed attempts: ssh: handshake failed: ssh: host key mismatch',
    );
    expect(retries('proxyWrongHost').map(({ message }) => message.trim())).toEqual(['Dial proxy 1/1 failed: retrying']);
    expect(error('proxyGarbage')).toBe('proxy: failed to parse host key: ssh: no key found');
    expect(error('proxyStranger')).toMatch(
      /^proxy: after 0 failed attempts: ssh: handshake failed: ssh: unable to authenticate/,
    );
    expect(error('proxyRefused')).toBe(
      `proxy: after 1 failed attempts: dial tcp 127.0.0.1:${closedPort}: connect: connection refused`,
    );
  });

  test('a host behind a bastion that refuses is tried again, and one with another host key by a way that is closed', () => {
    expect(error('hostRefused')).toBe(
      'proxy: after 1 failed attempts: ssh: rejected: connect failed ("Connection refused")',
    );
    expect(retries('hostRefused').map(({ message }) => message.trim())).toEqual([
      'Dial from proxy 1/1 failed: retrying',
    ]);
    expect(error('hostWrong')).toBe('proxy: after 0 failed attempts: ssh: handshake failed: ssh: host key mismatch');
    expect(error('hostWrongAgain')).toBe('proxy: after 1 failed attempts: ssh: handshake failed: EOF');
    expect(retries('hostWrongAgain').map(({ message }) => message.trim())).toEqual(['Dial 1/1 failed: retrying']);
  });

  test('a wrong host key stops it, is tried again like any failure and named', () => {
    expect(error('wrongHost')).toBe('after 1 failed attempts: ssh: handshake failed: ssh: host key mismatch');
    expect(retries('wrongHost')).toHaveLength(1);
  });

  test('only the pinned type of host key is asked for, and an RSA key cannot be pinned', () => {
    expect(error('rsaHost')).toBe(
      'after 0 failed attempts: ssh: handshake failed: ssh: no common algorithm for host key; we offered: ["ssh-rsa"], ' +
        'peer offered: ["ssh-ed25519" "ecdsa-sha2-nistp256" "rsa-sha2-512" "rsa-sha2-256"]',
    );
  });

  test('a host key that is no full line fails at once', () => {
    expect(error('bareHost')).toBe('failed to parse host key: ssh: no key found');
    expect(error('emptyHost')).toBe('failed to parse host key: ssh: no key found');
    expect(error('garbageHost')).toMatch(/^failed to parse host key: ssh: no key found; last parsing error/);
    for (const name of ['bareHost', 'emptyHost', 'garbageHost']) expect(retries(name)).toEqual([]);
  });

  test('a key that may not log in is tried again; one that cannot be read fails at once', () => {
    expect(error('stranger')).toBe(
      'after 1 failed attempts: ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], ' +
        'no supported methods remain',
    );
    expect(error('noKey')).toBe('ssh: no key found');
    expect(error('locked')).toBe('ssh: this private key is passphrase protected');
    for (const name of ['noKey', 'locked']) expect(retries(name)).toEqual([]);
  });

  test('dialErrorLimit counts the retries, each of which is shown and forgotten', () => {
    expect(error('refused')).toBe(
      `after 3 failed attempts: dial tcp 127.0.0.1:${closedPort}: connect: connection refused`,
    );
    expect(retries('refused').map(({ message }) => message.trim())).toEqual([
      'Dial 1/3 failed: retrying',
      'Dial 2/3 failed: retrying',
      'Dial 3/3 failed: retrying',
    ]);
    expect(error('once')).toMatch(/^after 0 failed attempts: dial tcp .* connection refused$/);
    expect(error('noPort')).toBe('after 0 failed attempts: dial tcp: address 99999: invalid port');
  });

  test('perDialTimeout ends a dial that nobody answers, but not a handshake that nobody continues', () => {
    expect(error('slow')).toMatch(/^after 1 failed attempts: dial tcp 127\.0\.0\.1:\d+: i\/o timeout$/);
    expect(error('mute')).toBe('after 0 failed attempts: ssh: handshake failed: EOF');
  });

  test('an agent that the environment names but that is not there fails at once, although a key is given', async () => {
    await declare(project, { agent: { create: 'echo fine', connection: connectionTo(sshd, { dialErrorLimit: 5 }) } });
    const path = join(sshd.folder, 'no-agent');
    const run = await project.run('up', { env: { SSH_AUTH_SOCK: path } });
    const problem = messages(run, 'agent').find(({ severity }) => severity === 'error')?.message;
    expect(problem).toBe(`dial unix ${path}: connect: no such file or directory\n`);
  });

  // The genuine plugin refuses too, and prints the whole connection
  test.skipIf(!isStandIn).each<[string, Declared, string]>([
    ['host missing', { connection: { host: undefined } }, "Missing required field 'host' on 'remote.Connection'"],
    ['port as text', { connection: { port: '22' } }, "Field 'port' on 'remote.Connection' must be a 'float64'"],
    ['a password', { connection: { password: 'hunter2' } }, "doesn't serve connection.password; install the genuine"],
  ])('%s: refused at preview, without a value of the connection', async (_name, changed, expected) => {
    const connection = connectionTo(sshd, changed.connection);
    await declare(project, { wrong: { create: 'true', ...changed, connection } });
    const run = await project.run('preview');
    expect(run.code).not.toBe(0);
    expect(run.output).toContain(expected);
    expect(run.output).not.toContain('PRIVATE KEY');
    expect(run.output).not.toContain('hunter2');
  });

  test.skipIf(!isStandIn)('any other resource, function or import is refused by name', async () => {
    await project.program(`
      import * as command from '@pulumi/command';
      new command.local.Command('local', { create: 'true' });
    `);
    const local = await project.run('preview');
    expect(local.code).not.toBe(0);
    expect(local.output).toContain("doesn't serve command:local:Command; install the genuine plugin");

    await project.program(`
      import * as command from '@pulumi/command';
      await command.local.run({ command: 'true' });
    `);
    expect((await project.run('preview')).output).toContain("doesn't serve command:local:run; install the genuine");

    const imported = await project.run('import', { args: ['command:remote:Command', 'imported', 'some-id'] });
    expect(imported.code).not.toBe(0);
    expect(imported.output).toContain("doesn't serve import; install the genuine plugin");
  });
});

/** Listens and never accepts, so that the kernel drops whoever comes once its short queue is full. */
const NEVER_ACCEPTS = `
  const server = require('node:net').createServer().listen(0, '127.0.0.1', 1, () => {
    require('node:fs').writeSync(1, String(server.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;

async function fill(port: number): Promise<void> {
  for (let count = 0; count < 3; count++) {
    const socket = net.connect(port, '127.0.0.1').on('error', () => undefined);
    await Promise.race([once(socket, 'connect'), new Promise((resolve) => setTimeout(resolve, 200))]);
  }
}
