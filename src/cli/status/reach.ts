import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import type { MachineOutputs, SystemOutputs } from '../outputs.ts';

const timeoutSeconds = 4;

/**
 * Whether the SSH server of a machine, or of its bastion, answers; it does so only to the operators' networks. A
 * machine behind a bastion answers only connections through it.
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

/** Returns the addresses of one family that a record's name resolves to; empty where it is not set */
export async function resolvedAddresses(
  { name }: SystemOutputs['records'][number],
  family: 4 | 6,
): Promise<readonly string[]> {
  const found = await lookup(name, { all: true, family }).catch(() => []);
  return found.map(({ address }) => address);
}
