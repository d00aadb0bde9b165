import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh from 'ssh2';
import { reason } from './connect.ts';
import type { HostKey } from './keys.ts';
import { quoteList } from './quote.ts';

/**
 * Starts an SSH session on an open connection: checks the host key, then logs in with the private key only. There is no
 * time limit: the plugin's dial limit doesn't cover it. Errors have the wording of Go's `ssh` package.
 */
export function handshake(socket: Duplex, { user, privateKey, hostKey }: SshCredentials): Promise<ssh.Client> {
  const client = new ssh.Client();
  const tried: string[] = [];
  let offered: string[] = [];
  let mismatch = false;

  const ends =
    socket instanceof Socket
      ? `${socket.localAddress}:${socket.localPort}->${socket.remoteAddress}:${socket.remotePort}`
      : '';

  const why = (error: Failure): string => {
    if (mismatch) return 'ssh: host key mismatch';
    if (hostKey && /no matching host key/.test(error.message)) {
      return `ssh: no common algorithm for host key; we offered: ${quoteList([hostKey.type])}, peer offered: ${quoteList(offered)}`;
    }
    if (error.level === 'client-authentication') {
      return `ssh: unable to authenticate, attempted methods [${tried.join(' ')}], no supported methods remain`;
    }
    if (typeof error.code === 'string') return `read tcp ${ends}: read: ${reason(error.code) ?? error.message}`;
    if (typeof error.code === 'number') return `ssh: disconnect, reason ${error.code}: ${error.message}`;
    return error.message === 'Connection lost before handshake' ? 'EOF' : error.message;
  };

  return new Promise((resolve, reject) => {
    const fail = (error: Failure) => {
      socket.destroy();
      reject(new Error(`ssh: handshake failed: ${why(error)}`));
    };
    client
      .once('ready', () => {
        client.removeListener('close', lost);
        resolve(client);
      })
      // Kept after the login: a connection that breaks then ends its command without an exit status
      .on('error', fail)
      .once('close', lost);
    function lost(): void {
      fail(new Error('EOF'));
    }

    client.connect({
      sock: socket,
      username: user,
      readyTimeout: 0,
      ...(hostKey && { algorithms: { serverHostKey: [hostKey.type] } }),
      hostVerifier: (shown: Buffer) => {
        mismatch = hostKey !== undefined && !hostKey.blob.equals(shown);
        return !mismatch;
      },
      debug: (line) => {
        offered = /^Handshake: \(remote\) Host key format: (.+)$/.exec(line)?.[1]?.split(',') ?? offered;
      },
      authHandler: (allowed, _partial, next) => {
        if (tried.length === 0) {
          tried.push('none');
          next({ type: 'none', username: user });
        } else if (!tried.includes('publickey') && (allowed as string[] | null)?.includes('publickey')) {
          tried.push('publickey');
          next({ type: 'publickey', username: user, key: privateKey });
        } else {
          // `false` ends the list of methods, which the types leave out
          next(false as never);
        }
      },
    });
  });
}

/** Login data and the expected host key; without one, any host key is accepted */
export interface SshCredentials {
  user: string;
  privateKey: ssh.ParsedKey;
  hostKey: HostKey | undefined;
}

/** In `ssh2`, a number is the server's disconnect reason, a string the kernel's error */
type Failure = Error & { level?: string; code?: string | number };
