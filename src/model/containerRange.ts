import { addressAt } from './address.ts';
import type { Environment } from './environment.ts';
import { type NamedNetwork, namedNetworks, overlap } from './networks.ts';

/**
 * Candidate ranges for docker's networks on a machine, in order of preference: private ranges, which applications by
 * default trust as proxy addresses, then the ranges of carrier-grade NAT (RFC 6598) and of benchmarking (RFC 2544).
 * Each holds 256 networks.
 */
export const containerRanges = [
  '172.30.192.0/18',
  '10.221.192.0/18',
  '192.168.192.0/18',
  '100.104.192.0/18',
  '198.18.192.0/18',
] as const;

/** Prefix length of each docker network: room for 61 containers, more than a machine runs */
const networkLength = 26;

/** Returns the first candidate range that overlaps none of the networks, or undefined where each overlaps one */
export const freeRange = (taken: readonly Pick<NamedNetwork, 'network'>[]): string | undefined =>
  containerRanges.find((range) => !taken.some(({ network }) => overlap(range, network)));

/**
 * Returns the range of docker's networks on every machine of an environment. It overlaps no network or address of the
 * environment file, so that operators and peers stay reachable from the machine. Adding a network to the file changes
 * the range only where the two overlap.
 * @throws where no range is free; the check of the environment file reports this first
 */
export function containerRange(environment: Environment): string {
  const range = freeRange(namedNetworks(environment));
  if (range === undefined) throw new Error('no range is free for the networks of containers');
  return range;
}

/** Settings of docker's daemon.json that place its networks in a range; its default network (`docker0`) is the first */
export const dockerNetworks = (range: string) => ({
  bip: `${addressAt(range, 1)}/${networkLength}`,
  'default-address-pools': [{ base: range, size: networkLength }],
});
