import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { docker } from './docker.ts';

/** Private range that neither docker's default pools nor most home and office networks use */
const RANGE = '10.213';

/**
 * Returns a /24 that overlaps none of the given networks. The search starts at a place derived from the name, so that
 * two concurrent stacks seldom choose the same subnet.
 * @throws if all 256 are taken
 */
export function freeSubnet(name: string, taken: readonly string[]): string {
  const start = createHash('sha256').update(name).digest().readUInt8(0);
  for (let offset = 0; offset < 256; offset++) {
    const candidate = `${RANGE}.${(start + offset) % 256}.0/24`;
    if (!taken.some((network) => subnetsOverlap(candidate, network))) return candidate;
  }
  throw new Error(
    `no /24 of ${RANGE}.0.0/16 is free: remove networks that are no longer used (docker network prune), or give "subnet"`,
  );
}

/** Returns the networks of docker and the routes of this computer, except the default route */
export async function takenSubnets(): Promise<string[]> {
  const networks = z.array(described).parse(JSON.parse(await docker('GET', '/networks')));
  const ofDocker = networks.flatMap(({ IPAM }) => (IPAM.Config ?? []).flatMap(({ Subnet }) => Subnet ?? []));
  return [...ofDocker, ...(await routes())];
}

/** Returns the first address of a network, which docker's bridge takes */
export function gatewayOf(subnet: string): string {
  return dotted(range(subnet).first + 1);
}

export function subnetsOverlap(left: string, right: string): boolean {
  if (left.includes(':') || right.includes(':')) return false;
  const [a, b] = [range(left), range(right)];
  return a.first <= b.last && b.first <= a.last;
}

const described = z.object({
  IPAM: z.object({ Config: z.array(z.object({ Subnet: z.string().optional() })).nullish() }),
});

/**
 * Returns the routes of this computer; empty on other systems than Linux, where docker's networks are in a virtual
 * machine
 */
async function routes(): Promise<string[]> {
  const table = await readFile('/proc/net/route', 'utf8').catch(() => '');
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
    .flatMap(([, destination, , , , , , mask]) =>
      destination && mask ? [`${littleEndian(destination)}/${bits(mask)}`] : [],
    )
    .filter((route) => !route.endsWith('/0'));
}

function range(network: string): { first: number; last: number } {
  const [address = '', length = '32'] = network.split('/');
  const size = 2 ** (32 - Number(length));
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const first = value - (value % size);
  return { first, last: first + size - 1 };
}

function dotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}

function littleEndian(hex: string): string {
  return [...Buffer.from(hex, 'hex')].reverse().join('.');
}

function bits(hex: string): number {
  return [...Buffer.from(hex, 'hex')].reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
}
