import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants as systemConstants, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SshLogin } from '../outputs.ts';
import { quoted } from '../shell.ts';

export interface Session extends SshLogin {
  /** The machine's name, under which its host key is pinned */
  name: string;
  /** The bastion by way of which it is reached */
  proxy?: SshLogin;
  /** A private key's text, or the file of the user's own */
  key: { text: string } | { file: string };
  /** Words for the machine's shell; none for a shell */
  command: readonly string[];
}

/**
 * Runs OpenSSH on this terminal and gives its exit code. Its files lie in a private folder that is gone afterwards.
 * @throws when there is no ssh, or the user's key can't be read
 */
export async function openSession(session: Session): Promise<number> {
  const forwarding = forwardSignals();
  const folder = mkdtempSync(join(tmpdir(), 'berth-ssh-'));
  try {
    const knownHosts = join(folder, 'known_hosts');
    writeFileSync(knownHosts, pinnedKeys(session), { mode: 0o600 });
    const interactive = process.stdin.isTTY === true && process.stdout.isTTY === true;
    const identity = identityFile(session, folder);
    const child = spawn('ssh', sshArguments(session, { knownHosts, identity, interactive }), { stdio: 'inherit' });
    forwarding.to(child);
    return await exitCode(child);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    forwarding.end();
  }
}

/** What the file of known hosts says: each host key by the name that its login has there */
export const pinnedKeys = ({ name, hostKey, proxy }: Session): string =>
  [`${name} ${hostKey.trim()}`, ...(proxy ? [`${bastionOf(name)} ${proxy.hostKey.trim()}`] : [])]
    .map((line) => `${line}\n`)
    .join('');

const bastionOf = (name: string): string => `bastion-of-${name}`;

interface Files {
  knownHosts: string;
  identity: string;
}

/** The words after `ssh`: nothing secret is among them */
export function sshArguments(
  { name, proxy, command, ...session }: Session,
  { interactive, ...files }: Files & { interactive: boolean },
): readonly string[] {
  return [
    ...(interactive ? ['-t'] : []),
    ...loginWords(session, name, session.key, files),
    ...(proxy ? ['-o', `ProxyCommand=${proxyCommand(proxy, name, session.key, files)}`] : []),
    ...['--', session.address, ...command],
  ];
}

/**
 * What ssh runs to reach a machine behind a bastion. ssh itself would log in there (ProxyJump) by the user's own settings
 * and known hosts, and not by these.
 */
function proxyCommand(proxy: SshLogin, name: string, key: Session['key'], files: Files): string {
  const words = ['ssh', ...loginWords(proxy, bastionOf(name), key, files)].map(quoted).join(' ');
  return `${words.replaceAll('%', '%%')} -W '[%h]:%p' -- ${quoted(proxy.address)}`;
}

function loginWords(
  { port, user }: SshLogin,
  alias: string,
  key: Session['key'],
  { knownHosts, identity }: Files,
): readonly string[] {
  const options = {
    HostKeyAlias: alias,
    UserKnownHostsFile: `"${knownHosts}"`,
    GlobalKnownHostsFile: '/dev/null',
    StrictHostKeyChecking: 'yes',
    UpdateHostKeys: 'no',
    // A connection that is open already was made by other rules
    ControlPath: 'none',
    IdentitiesOnly: 'yes',
    ConnectTimeout: '10',
    // Nothing said for long is cut on its way, and a connection that died is noticed
    ServerAliveInterval: '20',
    ServerAliveCountMax: '6',
    // The user's own key may have a passphrase, or live in an agent; the stack's has neither
    ...('text' in key && { IdentityAgent: 'none', BatchMode: 'yes' }),
  };
  return [
    ...['-i', identity, '-p', `${port}`, '-l', user],
    ...Object.entries(options).flatMap(([option, value]) => ['-o', `${option}=${value}`]),
  ];
}

function identityFile({ key }: Session, folder: string): string {
  if ('file' in key) {
    try {
      accessSync(key.file, constants.R_OK);
    } catch {
      throw new Error(`the key file ${key.file} can't be read: name one that is there and yours`);
    }
    return key.file;
  }
  const identity = join(folder, 'identity');
  writeFileSync(identity, `${key.text.trim()}\n`, { mode: 0o600 });
  return identity;
}

function exitCode(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? new Error('there is no ssh on PATH: install the OpenSSH client') : error),
    );
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signal ? systemConstants.signals[signal] : 0)));
  });
}

/** No signal ends us before ssh has ended, as the key must go first; Ctrl-C reaches ssh by itself, on the terminal */
function forwardSignals(): { to(child: ChildProcess): void; end(): void } {
  let child: ChildProcess | undefined;
  const stay = (): void => undefined;
  const pass = (signal: NodeJS.Signals): boolean | undefined => child?.kill(signal);
  process.on('SIGINT', stay).on('SIGTERM', pass).on('SIGHUP', pass);
  return {
    to: (started) => {
      child = started;
    },
    end: () => void process.off('SIGINT', stay).off('SIGTERM', pass).off('SIGHUP', pass),
  };
}
