import type { Flaw } from './guide.ts';

/** Returns the flaw of a domain name, with the fix if it is clear */
export function domainFlaw(value: string): Flaw | undefined {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(value)?.[0];
  const bare = value
    .slice(scheme?.length ?? 0)
    .replace(/[/?#].*$/, '')
    .replace(/^.*@/, '')
    .replace(/:\d*$/, '')
    .replace(/\.$/, '')
    .toLowerCase();
  const fix = bare === value ? undefined : `write ${bare}`;
  const wrong = (message: string): Flaw => ({ message, ...(fix === undefined ? {} : { fix }) });
  if (scheme !== undefined) return wrong(`has a scheme (${scheme})`);
  if (/[/?#]/.test(value)) return wrong('has a path');
  if (/:\d*$/.test(value)) return wrong('has a port');
  if (/[^ -~]/.test(value))
    return { message: 'has characters beyond ASCII', fix: `write it in Punycode: ${punycode(value)}` };
  if (/\s/.test(value)) return { message: 'has a space in it' };
  if (value.includes('*'))
    return { message: 'is a wildcard, and a single name is needed', fix: 'give the host name that users open' };
  if (value.endsWith('.')) return wrong('ends with a dot');
  if (value !== value.toLowerCase()) return wrong('is not in lower case');
  if (octetsOf(value))
    return { message: 'is an IP address, and a certificate needs a name', fix: 'set up a DNS name for it' };
  if (!value.includes('.'))
    return {
      message: 'has no dot: a full name is needed',
      fix: `write ${value || 'basegun'}.localhost or ${value || 'basegun'}.example.org`,
    };
  return undefined;
}

/** Returns the flaw of an IPv4 address */
export function addressFlaw(value: string): Flaw | undefined {
  if (octetsOf(value)) return undefined;
  if (/^[0-9a-f:]+$/i.test(value) && value.includes(':'))
    return { message: 'is an IPv6 address, and berth supports only IPv4' };
  const address = value.split('/')[0] ?? '';
  if (value.includes('/') && octetsOf(address))
    return { message: 'is a network, not an address', fix: `write ${address}` };
  return { message: 'is not an IPv4 address' };
}

/** Returns the flaw of an IPv4 network */
export function cidrFlaw(value: string): Flaw | undefined {
  const [address = '', prefix, ...rest] = value.split('/');
  if (value.includes(':')) return { message: 'is an IPv6 network, and berth supports only IPv4' };
  const octets = octetsOf(address);
  if (!octets || rest.length > 0) return { message: 'is not an IPv4 network' };
  if (prefix === undefined)
    return { message: 'has no prefix length', fix: `for this address alone write ${address}/32` };
  if (!/^\d{1,2}$/.test(prefix) || Number(prefix) > 32) return { message: 'has a prefix length that is not 0 to 32' };
  const network = networkOf(octets, Number(prefix));
  const canonical = `${network}/${Number(prefix)}`;
  if (network !== address)
    return {
      message: 'has host bits set, so the network is ambiguous',
      fix: `write ${canonical} for the network, or ${address}/32 for this address alone`,
    };
  return canonical === value ? undefined : { message: 'has a leading zero', fix: `write ${canonical}` };
}

/** Returns the four numbers of an IPv4 address. Leading zeros are refused, since some programs read them as octal. */
function octetsOf(address: string): readonly number[] | undefined {
  const parts = address.split('.');
  const plain = parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
  return plain ? parts.map(Number) : undefined;
}

function networkOf(octets: readonly number[], prefix: number): string {
  const kept = (index: number): number => Math.min(8, Math.max(0, prefix - index * 8));
  return octets.map((octet, index) => octet & (0xff << (8 - kept(index))) & 0xff).join('.');
}

function punycode(name: string): string {
  try {
    return new URL(`http://${name}/`).hostname;
  } catch {
    return 'xn--…';
  }
}
