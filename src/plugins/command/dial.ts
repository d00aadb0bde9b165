import { setTimeout as sleep } from 'node:timers/promises';
import type ssh from 'ssh2';
import type { CallContext } from '../kit.ts';
import { checkAgent, connect } from './connect.ts';
import { handshake } from './handshake.ts';
import type { Connection } from './inputs.ts';
import { parseHostKey, parsePrivateKey } from './keys.ts';

/**
 * Logs in, trying again after any failed attempt, `dialErrorLimit` times at most (a negative one: for ever), waiting from
 * 0.1 s up to 5 s between them. What can't get better by waiting, a key that can't be read, fails at once.
 */
export async function dial(connection: Connection, context: CallContext): Promise<ssh.Client> {
  const privateKey = parsePrivateKey(connection.privateKey);
  await checkAgent(process.env.SSH_AUTH_SOCK);
  const hostKey = connection.hostKey === undefined ? undefined : parseHostKey(connection.hostKey);
  const { dialErrorLimit: limit, host, port, perDialTimeout: timeoutSeconds, user } = connection;

  for (let attempt = 0, waitMs = 100; ; attempt++, waitMs = Math.min(waitMs * 1.5, 5000)) {
    try {
      const socket = await connect({ host, port: Math.trunc(port), timeoutSeconds });
      return await handshake(socket, { user, privateKey, hostKey });
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (limit >= 0 && attempt + 1 > limit) throw new Error(`after ${attempt} failed attempts: ${error.message}`);
      const shown = limit === -1 ? 'inf' : limit;
      await context.log(`Dial ${attempt + 1}/${shown} failed: retrying`, { ephemeral: true });
    }
    await sleep(waitMs, undefined, { signal: context.signal }).catch(() => {
      throw new Error('context canceled');
    });
  }
}
