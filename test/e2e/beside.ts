import { eventually } from './client.ts';
import { networkOf } from './reach.ts';
import { run, type TestStack } from './stack.ts';

export interface Network {
  name: string;
  subnet: string;
}

/** The stack's network, as soon as there is one: its machine needs what stands on it only later */
export async function networkThatAppears(stack: TestStack): Promise<Network> {
  return await eventually(
    120,
    () => networkOf(stack),
    (network) => !(network instanceof Error) && network.subnet !== '',
  );
}

/** The name of a container that is no part of the stack */
export const nameBeside = ({ place }: TestStack, what: string): string => `berth-${place.stack}-beside-${what}`;

/** A container on the stack's network, at an address of its own: the next free one may be planned for what the stack makes meanwhile */
export async function startBeside(
  name: string,
  network: Network,
  { alias, last }: { alias: string; last: number },
  words: readonly string[],
): Promise<void> {
  const ip = network.subnet.replace(/\d+\/\d+$/, `${last}`);
  const place = ['--detach', '--init', '--name', name, '--network', network.name, '--ip', ip, '--network-alias', alias];
  const { code, output } = await run('docker', ['run', ...place, ...words], process.env);
  if (code !== 0) throw new Error(output);
}
