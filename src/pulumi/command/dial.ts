import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type ssh from 'ssh2';
import type { CallContext } from '../plugin.ts';
import { checkAgent, connect } from './connect.ts';
import { handshake, type SshCredentials } from './handshake.ts';
import type { ConnectionInputs, LoginInputs } from './inputs.ts';
import { parseHostKey, parsePrivateKey } from './keys.ts';
import { rejection } from './rejection.ts';

/**
 * Logs in, through a proxy if there is one, and retries after failed attempts, at most `dialErrorLimit` times (a
 * negative limit: forever). Errors that retrying can't fix, such as an unreadable key, fail immediately.
 */
export async function dial(connection: ConnectionInputs, context: CallContext): Promise<ssh.Client> {
  const credentials = await read(connection);
  const { proxy, dialErrorLimit } = connection;
  if (!proxy) return retried('Dial', dialErrorLimit, context, () => logIn(connection, credentials));
  try {
    return await dialThrough(proxy, connection, credentials, context);
  } catch (error) {
    throw error instanceof Error ? new Error(`proxy: ${error.message}`) : error;
  }
}

async function dialThrough(
  proxy: LoginInputs,
  { host, port, dialErrorLimit }: ConnectionInputs,
  credentials: SshCredentials,
  context: CallContext,
): Promise<ssh.Client> {
  const own = await read(proxy);
  const bastion = await retried('Dial proxy', proxy.dialErrorLimit, context, () => logIn(proxy, own));
  try {
    const way = await retried('Dial from proxy', dialErrorLimit, context, () => opened(bastion, host, port));
    let used = false;
    return await retried('Dial', dialErrorLimit, context, async () => {
      // As in the plugin: a retry uses the channel that the first attempt has closed, so its error hides the first one
      if (used) throw new Error('ssh: handshake failed: EOF');
      used = true;
      return handshake(way, credentials);
    });
  } catch (error) {
    bastion.end();
    throw error;
  }
}

async function read({ user, privateKey, hostKey }: LoginInputs): Promise<SshCredentials> {
  const parsed = parsePrivateKey(privateKey);
  await checkAgent(process.env.SSH_AUTH_SOCK);
  return { user, privateKey: parsed, hostKey: hostKey === undefined ? undefined : parseHostKey(hostKey) };
}

async function logIn(login: LoginInputs, credentials: SshCredentials): Promise<ssh.Client> {
  const { host, port, perDialTimeout: timeoutSeconds } = login;
  return handshake(await connect({ host, port: Math.trunc(port), timeoutSeconds }), credentials);
}

/** Opens a TCP connection from the bastion, without a time limit: the plugin's dial limit doesn't cover it */
function opened(bastion: ssh.Client, host: string, port: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    bastion.forwardOut('0.0.0.0', 0, host, Math.trunc(port), (error, channel) => {
      if (error === undefined) resolve(channel);
      else reject(new Error(rejection(error) ?? 'EOF'));
    });
  });
}

/** Retries an attempt, waiting between 0.1 s and 5 s */
async function retried<T>(what: string, limit: number, context: CallContext, attempt: () => Promise<T>): Promise<T> {
  for (let failed = 0, waitMs = 100; ; failed++, waitMs = Math.min(waitMs * 1.5, 5000)) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (limit >= 0 && failed + 1 > limit) throw new Error(`after ${failed} failed attempts: ${error.message}`);
      const shown = limit === -1 ? 'inf' : limit;
      await context.log(`${what} ${failed + 1}/${shown} failed: retrying`, { ephemeral: true });
    }
    await sleep(waitMs, undefined, { signal: context.signal }).catch(() => {
      throw new Error('context canceled');
    });
  }
}
