import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import type { MachineOutputs, SystemOutputs } from '../outputs.ts';

const timeoutSeconds = 4;

/**
 * Whether a machine's SSH server greets us, that of its bastion where it has one; it does so only to the operators'
 * networks. What stands behind a bastion greets nobody who has not logged in there.
 */
export function greets({ ssh }: MachineOutputs): Promise<boolean> {
  const { address: host, port } = ssh.proxy ?? ssh;
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (greeted: boolean): void => {
      socket.destroy();
      resolve(greeted);
    };
    socket.setTimeout(timeoutSeconds * 1000, () => end(false));
    socket.on('error', () => end(false)).on('close', () => end(false));
    socket.once('data', (data) => end(data.toString('latin1').startsWith('SSH-2.0-')));
  });
}

/** The addresses of one kind that a record's name has from here; none where it isn't set */
export async function addressesOf(
  { name }: SystemOutputs['records'][number],
  family: 4 | 6,
): Promise<readonly string[]> {
  const found = await lookup(name, { all: true, family }).catch(() => []);
  return found.map(({ address }) => address);
}
