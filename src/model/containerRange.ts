import { addressAt } from './address.ts';
import type { Environment } from './environment.ts';
import { type NamedNetwork, namedNetworks, overlap } from './networks.ts';

/**
 * Where docker's networks may lie on a machine, the first choice first: private ranges, which applications take for their
 * own proxy's, then those of carriers (RFC 6598) and of benchmarks (RFC 2544). Each has room for 256 networks.
 */
export const containerRanges = [
  '172.30.192.0/18',
  '10.221.192.0/18',
  '192.168.192.0/18',
  '100.104.192.0/18',
  '198.18.192.0/18',
] as const;

/** Length of each of docker's networks: 61 containers, as many as a machine ever has */
const networkLength = 26;

/** The first range that overlaps none of the networks, whatever their order; `undefined` where each does */
export const freeRange = (taken: readonly Pick<NamedNetwork, 'network'>[]): string | undefined =>
  containerRanges.find((range) => !taken.some(({ network }) => overlap(range, network)));

/**
 * The range that docker takes its networks from on every machine of an environment: it overlaps no network and no address that
 * the environment's file names, so that containers hide neither the operators nor a peer. Another network in the file
 * changes it only where the two overlap.
 * @throws where no range is free, which the file's check has refused before
 */
export function containerRange(environment: Environment): string {
  const range = freeRange(namedNetworks(environment));
  if (range === undefined) throw new Error('no range is free for the networks of containers');
  return range;
}

/** What docker's daemon.json says so that its networks lie in that range: its default one (`docker0`) is the first of them */
export const dockerNetworks = (range: string) => ({
  bip: `${addressAt(range, 1)}/${networkLength}`,
  'default-address-pools': [{ base: range, size: networkLength }],
});
