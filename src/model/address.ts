/**
 * The address at an offset of an IPv4 subnet: `addressAt('10.213.7.0/24', 10)` is `10.213.7.10`.
 * @throws when the offset is outside the subnet's hosts
 */
export function addressAt(subnet: string, offset: number): string {
  const [network = '', length = ''] = subnet.split('/');
  const size = 2 ** (32 - Number(length));
  if (!(offset > 0 && offset < size - 1)) throw new Error(`${subnet} has no host ${offset}: it has 1 to ${size - 2}`);
  const value = network.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0) + offset;
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

/** Machines of one role at most, and so the distance between the addresses of two roles */
export const machinesPerRole = 16;
const firstMachine = 16;
/** Of 256 addresses, as many as the smallest subnet has, the last is no host's */
export const lastSlot = 13;

/**
 * The planned place of a machine in its system's subnet: its role's slot and its number always give the same one
 * @param slot of its role, 0 to `lastSlot`
 */
export const machineOffset = (slot: number, index: number): number => firstMachine + slot * machinesPerRole + index;
