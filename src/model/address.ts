/**
 * Returns the address at an offset of an IPv4 subnet: `addressAt('10.213.7.0/24', 10)` is `10.213.7.10`
 * @throws when the offset is outside the subnet's hosts
 */
export function addressAt(subnet: string, offset: number): string {
  const [network = '', length = ''] = subnet.split('/');
  const size = 2 ** (32 - Number(length));
  if (!(offset > 0 && offset < size - 1)) throw new Error(`${subnet} has no host ${offset}: it has 1 to ${size - 2}`);
  const value = network.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0) + offset;
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

/** Largest number of machines in a role; also the distance between the address blocks of two roles */
export const machinesPerRole = 16;
const firstMachine = 16;
/** Highest slot that fits the smallest subnet (256 addresses), whose last address belongs to no host */
export const lastSlot = 13;

/**
 * Returns the offset of a machine's planned address in its system's subnet. It depends only on the slot and the index.
 * @param slot of the machine's role, 0 to `lastSlot`
 */
export const machineOffset = (slot: number, index: number): number => firstMachine + slot * machinesPerRole + index;
