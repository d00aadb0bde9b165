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

/**
 * The planned place of a machine in its system's subnet: role and number always give the same one.
 * @param roles the system's roles, in the order of its blueprint
 */
export const machineOffset = (roles: readonly string[], role: string, index: number): number =>
  firstMachine + roles.indexOf(role) * machinesPerRole + index;
