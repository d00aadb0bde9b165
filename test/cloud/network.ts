import { isIPv4 } from 'node:net';

/** A network whose address has no bits beyond its length: clouds and their providers refuse others */
export function isNetwork(cidr: string): boolean {
  const [address = '', length = ''] = cidr.split('/');
  if (!isIPv4(address) || !/^\d+$/.test(length) || Number(length) > 32) return false;
  const bits = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return bits % 2 ** (32 - Number(length)) === 0;
}
