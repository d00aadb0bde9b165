import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants as systemConstants, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SshLogin } from '../outputs.ts';
import { shellWord } from '../shell.ts';

export interface Session extends SshLogin {
  /** Machine name; the known-hosts file lists its host key under this name */
  name: string;
  /** Bastion of the machine */
  proxy?: SshLogin;
  /** Text of a private key, or path of the user's own key */
  key: { text: string } | { file: string };
  /** Command for the machine's shell; empty for an interactive shell */
  command: readonly string[];
}

/**
 * Runs OpenSSH on this terminal with files in a private temporary folder and returns its exit code
 * @throws when there is no ssh, or the user's key cannot be read
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

/**
 * Returns the known-hosts file: the host keys of the machine and its bastion by the names that ssh looks them up with
 */
export const pinnedKeys = ({ name, hostKey, proxy }: Session): string =>
  [`${name} ${hostKey.trim()}`, ...(proxy ? [`${bastionOf(name)} ${proxy.hostKey.trim()}`] : [])]
    .map((line) => `${line}\n`)
    .join('');

const bastionOf = (name: string): string => `bastion-of-${name}`;

interface Files {
  knownHosts: string;
  identity: string;
}

/** Returns the arguments of `ssh`; none is secret */
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
 * Returns the ProxyCommand for a machine behind a bastion. ProxyJump is not used because it would log in to the bastion
 * with the user's own settings and known hosts.
 */
function proxyCommand(proxy: SshLogin, name: string, key: Session['key'], files: Files): string {
  const words = ['ssh', ...loginWords(proxy, bastionOf(name), key, files)].map(shellWord).join(' ');
  return `${words.replaceAll('%', '%%')} -W '[%h]:%p' -- ${shellWord(proxy.address)}`;
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
    // A shared connection would use other settings
    ControlPath: 'none',
    IdentitiesOnly: 'yes',
    ConnectTimeout: '10',
    // Keeps idle connections from being cut, and detects dead ones
    ServerAliveInterval: '20',
    ServerAliveCountMax: '6',
    // The user's own key may have a passphrase or be in an agent; the stack's key never does
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
      throw new Error(`the key file ${key.file} can't be read: name an existing file that you may read`);
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

/**
 * Keeps this process alive until ssh has ended, so that the key is deleted; passes signals on, except Ctrl-C, which the
 * terminal sends to ssh itself
 */
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
