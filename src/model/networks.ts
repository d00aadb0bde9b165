/** Returns the prefix length of an IPv4 network in CIDR notation: 24 for `10.0.0.0/24`, 32 for a single address */
export const lengthOf = (network: string): number => Number(network.split('/')[1] ?? 32);

/** Whether two IPv4 networks or addresses overlap */
export function overlap(one: string, other: string): boolean {
  const size = 2 ** (32 - Math.min(lengthOf(one), lengthOf(other)));
  const numbered = (network: string) =>
    (network.split('/')[0] ?? '').split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return Math.floor(numbered(one) / size) === Math.floor(numbered(other) / size);
}

/** An IPv4 network or address, and its path in the value that contains it */
export interface NamedNetwork {
  path: readonly PropertyKey[];
  network: string;
}

/**
 * Returns every IPv4 network and address in the texts of a value, in URLs too. `0.0.0.0/0` is skipped. So are networks
 * under `env`: an application's settings name its peers by address and use networks to say whom it trusts, often all
 * private ranges, including that of its machine's containers.
 */
export function namedNetworks(value: unknown, path: readonly PropertyKey[] = []): readonly NamedNetwork[] {
  if (typeof value === 'string')
    return [...value.matchAll(written)]
      .map(([network]) => ({ path, network }))
      .filter(({ network }) => isNetwork(network) && (lengthOf(network) === 32 || !path.includes('env')));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    namedNetworks(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

const written = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?(?!\d|\.\d)/g;

function isNetwork(text: string): boolean {
  const octets = (text.split('/')[0] ?? '').split('.').map(Number);
  return octets.every((octet) => octet <= 255) && lengthOf(text) > 0 && lengthOf(text) <= 32;
}
