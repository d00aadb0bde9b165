/** How many addresses an IPv4 network in CIDR notation has is decided by this: `24` of `10.0.0.0/24`; an address alone has 32 */
export const lengthOf = (network: string): number => Number(network.split('/')[1] ?? 32);

/** Whether one of two IPv4 networks or addresses lies in the other */
export function overlap(one: string, other: string): boolean {
  const size = 2 ** (32 - Math.min(lengthOf(one), lengthOf(other)));
  const numbered = (network: string) =>
    (network.split('/')[0] ?? '').split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return Math.floor(numbered(one) / size) === Math.floor(numbered(other) / size);
}

/** An IPv4 network or address, and where in a value it stands */
export interface NamedNetwork {
  path: readonly PropertyKey[];
  network: string;
}

/**
 * Every IPv4 network and address that the texts of a value name, in URLs too. What stands for everything (`0.0.0.0/0`) is
 * no place of anybody. An application's own settings (`env`) name whom it calls by an address; the networks there say
 * whom it trusts, often all private ones, its machine's containers among them.
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
