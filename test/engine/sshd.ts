import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../freePort.ts';

/** A real OpenSSH server on 127.0.0.1, with keys of its own. */
export interface Sshd {
  port: number;
  user: string;
  folder: string;
  /** A key that may log in, and one that may not. */
  privateKey: string;
  strangersKey: string;
  /** Public host keys as known_hosts has them, without the host. */
  hostKeys: Record<HostKeyType, string>;
  /** How many connections it has seen. */
  connections(): Promise<number>;
  /** What it has written of them. */
  log(): Promise<string>;
  /** Of which, a text for each connection that it was asked to forward; it ends with its target's port. */
  forwarded(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export type HostKeyType = 'ed25519' | 'ecdsa' | 'rsa';

/** What to show where a test needs a server and none is installed; under CI that is no excuse, and the test fails. */
export async function sshdObstacle(): Promise<string | undefined> {
  const missing = (await sshdProgram()) === undefined && process.env.CI === undefined;
  return missing ? 'sshd is not installed (Debian: apt-get install openssh-server)' : undefined;
}

interface Settings {
  /** Public keys that may log in, besides the server's own. */
  authorized?: readonly string[];
  /** What it runs in place of any command, by its folder, in a shell's words; what it forwards is no command. */
  forced?(folder: string): string;
}

/** Starts a server with a configuration and keys of its own. */
export async function startSshd(settings: Settings = {}): Promise<Sshd> {
  const program = await sshdProgram();
  if (program === undefined) throw new Error('sshd is not installed (Debian: apt-get install openssh-server)');
  const folder = await mkdtemp(join(tmpdir(), 'berth-sshd-'));
  const file = (name: string) => join(folder, name);
  const text = (name: string) => readFile(file(name), 'utf8');
  // Debian's sshd separates privileges in a folder that its service would make.
  await mkdir('/run/sshd', { recursive: true, mode: 0o755 }).catch(() => undefined);
  await Promise.all([
    ...['ed25519', 'ecdsa', 'rsa'].map((type) => generate(type, file(`host_${type}`))),
    ...['client', 'stranger'].map((name) => generate('ed25519', file(name))),
  ]);
  const authorized = [(await text('client.pub')).trim(), ...(settings.authorized ?? [])];
  await writeFile(file('authorized_keys'), `${authorized.join('\n')}\n`, { mode: 0o600 });
  const port = await freePort();
  const own = config(folder, port) + (settings.forced ? `ForceCommand ${settings.forced(folder)}\n` : '');
  await writeFile(file('config'), own + patient);
  const knows = await run(program, ['-t', '-f', file('config')]).catch(() => undefined);
  if (!knows) await writeFile(file('config'), own);
  const server = spawn(program, ['-D', '-E', file('log'), '-f', file('config')], { stdio: 'ignore' });
  await untilListening(port);
  const hostKey = async (type: string) => (await text(`host_${type}.pub`)).trim();
  return {
    port,
    user: userInfo().username,
    folder,
    privateKey: await text('client'),
    strangersKey: await text('stranger'),
    hostKeys: { ed25519: await hostKey('ed25519'), ecdsa: await hostKey('ecdsa'), rsa: await hostKey('rsa') },
    log: () => text('log'),
    forwarded: async () => (await text('log')).match(/direct_tcpip: originator .* target \S+ port \d+/g) ?? [],
    connections: async () => (await text('log')).match(/^Connection from /gm)?.length ?? 0,
    stop: async () => {
      server.kill();
      await once(server, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const run = promisify(execFile);

async function sshdProgram(): Promise<string | undefined> {
  const found = await run('sh', ['-c', 'command -v sshd || ls /usr/sbin/sshd']).catch(() => undefined);
  return found?.stdout.trim();
}

async function generate(type: string, file: string): Promise<void> {
  await run('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', file]);
}

function config(folder: string, port: number): string {
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...['ed25519', 'ecdsa', 'rsa'].map((type) => `HostKey ${folder}/host_${type}`),
    `AuthorizedKeysFile ${folder}/authorized_keys`,
    `PidFile ${folder}/pid`,
    'LogLevel DEBUG1',
    'PermitRootLogin yes',
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'MaxStartups 100',
    '',
  ].join('\n');
}

/** Since OpenSSH 9.8 a few failed logins shut out later ones, and only those versions know the option. */
const patient = 'PerSourcePenalties no\n';

async function untilListening(port: number): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(20)) {
    const socket = net.connect(port, '127.0.0.1');
    const reached = await once(socket, 'connect').catch(() => undefined);
    socket.destroy();
    if (reached) return;
  }
  throw new Error(`sshd does not listen on port ${port} after 10 s`);
}
