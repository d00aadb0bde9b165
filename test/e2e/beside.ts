import { eventually } from './client.ts';
import { networkOf } from './reach.ts';
import { run, type TestStack } from './stack.ts';

export interface Network {
  name: string;
  subnet: string;
}

/** Waits for the stack's network and returns it, so that containers can be added to it before its machine needs them */
export async function networkThatAppears(stack: TestStack): Promise<Network> {
  return await eventually(
    120,
    () => networkOf(stack),
    (network) => !(network instanceof Error) && network.subnet !== '',
  );
}

/** Returns the name of a container that does not belong to the stack */
export const nameBeside = ({ place }: TestStack, what: string): string => `berth-${place.stack}-beside-${what}`;

/** Starts a container on the stack's network, at a fixed address that the stack does not plan for its own machines */
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
