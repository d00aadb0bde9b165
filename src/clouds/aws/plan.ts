import { addressAt, machineOffset } from '../../model/address.ts';
import type { Role, Schedule } from '../../model/blueprint.ts';
import { limitedName, type MachineName } from '../../model/names.ts';

/** Address plan of a system's network over two zones */
export interface NetworkPlan {
  /** CIDR. AWS allows a /16 at most: of a larger range, the first /16 is used. */
  range: string;
  zones: readonly [ZonePlan, ZonePlan];
}

export interface ZonePlan {
  /** CIDR */
  subnet: string;
  /** CIDR, the first half of the subnet: reserved for planned addresses of machines, so that AWS assigns none of it */
  machines: string;
}

/**
 * Splits a network into two zones
 * @param network CIDR, a /22 or larger
 */
export function networkPlan(network: string): NetworkPlan {
  const [address = '', length = ''] = network.split('/');
  const range = `${address}/${Math.max(Number(length), 16)}`;
  const [first, second] = halves(range);
  return {
    range,
    zones: [
      { subnet: first, machines: halves(first)[0] },
      { subnet: second, machines: halves(second)[0] },
    ],
  };
}

/** Returns the zone of a machine: the machines of a role alternate between the two */
export const zoneOf = ({ index }: MachineName): 0 | 1 => (index % 2 === 0 ? 0 : 1);

/**
 * Returns a machine's planned address. It depends only on the role's slot and the machine's index, so it survives
 * replacement and scaling.
 */
export function privateAddress(plan: NetworkPlan, { slot }: Pick<Role, 'slot'>, machine: MachineName): string {
  const offset = machineOffset(slot, machine.index);
  return addressAt(plan.zones[zoneOf(machine)].subnet, offset);
}

/** Returns the time at which machines start or stop as a cron expression of EventBridge Scheduler */
export function cron({ days, start, stop }: Schedule, action: 'start' | 'stop'): string {
  const [hours, minutes] = (action === 'start' ? start : stop).split(':').map(Number);
  return `cron(${minutes} ${hours} ? * ${days.join(',').toUpperCase()} *)`;
}

/**
 * Beginnings of names that AWS keeps for itself: of security groups (`sg-`), of balancers (`internal-`), and of buckets
 */
const reserved = /^(?:sg|internal|xn|sthree|amzn)-/;

/**
 * Joins words to a name that AWS accepts
 * @param length maximum number of characters, 12 or more
 */
export function acceptedName(words: readonly string[], length: number): string {
  const name = limitedName(words, { length });
  return reserved.test(name) ? limitedName(['berth', ...words], { length }) : name;
}

/** Reduces a text to the characters and the length that AWS allows in a rule's description */
export const description = (why: string): string =>
  why
    .normalize('NFKD')
    .replace(/[^a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]/g, '')
    .slice(0, 255);

function halves(cidr: string): readonly [string, string] {
  const [address = '', length = ''] = cidr.split('/');
  const half = Number(length) + 1;
  return [`${address}/${half}`, `${addressAt(cidr, 2 ** (32 - half))}/${half}`];
}
