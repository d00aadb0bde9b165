import { addressAt, machineOffset } from '../../model/address.ts';
import type { Role, Schedule } from '../../model/blueprint.ts';
import type { MachineName } from '../../model/names.ts';

/** A system's network over two zones */
export interface NetworkPlan {
  /** CIDR: AWS takes a /16 at most, so a larger range gives its first one */
  range: string;
  zones: readonly [ZonePlan, ZonePlan];
}

export interface ZonePlan {
  /** CIDR */
  subnet: string;
  /** CIDR, its first half: planned addresses of machines, which AWS gives to nothing of its own */
  machines: string;
}

/** @param network CIDR, a /22 or larger */
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

/** Machines of a role alternate between the zones */
export const zoneOf = ({ index }: MachineName): 0 | 1 => (index % 2 === 0 ? 0 : 1);

/** A machine's planned address: the same whatever happens to it or to others of its role */
export function privateAddress(plan: NetworkPlan, { slot }: Pick<Role, 'slot'>, machine: MachineName): string {
  const offset = machineOffset(slot, machine.index);
  return addressAt(plan.zones[zoneOf(machine)].subnet, offset);
}

/** When machines start or stop, as EventBridge Scheduler reads it */
export function cron({ days, start, stop }: Schedule, action: 'start' | 'stop'): string {
  const [hours, minutes] = (action === 'start' ? start : stop).split(':').map(Number);
  return `cron(${minutes} ${hours} ? * ${days.join(',').toUpperCase()} *)`;
}

/** A reason in the characters and the length that AWS takes in a description of a rule */
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
