import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { Rule } from '../../../src/model/blueprint.ts';

/** One way into a machine that a cloud or a firewall knows; of those that fit a call, the first decides */
export interface Door {
  /** The machine's name */
  to: string;
  admits(caller: Caller): boolean;
  /** None for both */
  protocol?: Rule['protocol'];
  /** The first and the last; none for all */
  ports?: readonly [first: number, last: number];
  /** It shuts rather than opens */
  shut?: true;
}

/** Where a connection comes from: an address, and the machine that has it where it is one of the system's */
export interface Caller {
  address: string;
  machine?: string;
}

/** What is asked of a machine */
export type Asked = Pick<Rule, 'port' | 'protocol'> & { to: string };

/** Whether a caller gets in; what no door fits is shut */
export function letsIn(doors: readonly Door[], caller: Caller, { to, port, protocol }: Asked): boolean {
  const first = doors.find(
    (door) =>
      door.to === to &&
      (door.protocol ?? protocol) === protocol &&
      (!door.ports || (door.ports[0] <= port && port <= door.ports[1])) &&
      door.admits(caller),
  );
  return first !== undefined && !first.shut;
}

/** Everybody whose address lies in a network (CIDR) */
export function within(network: string): Door['admits'] {
  const [address = '', length] = network.split('/');
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(address, Number(length ?? (family === 'ipv4' ? 32 : 128)), family);
  return (caller) => isIPv4(caller.address) === (family === 'ipv4') && list.check(caller.address, family);
}

/** The machines of a group, by name */
export const among =
  (machines: readonly string[] = []): Door['admits'] =>
  ({ machine }) =>
    machine !== undefined && machines.includes(machine);

/** Either of them */
export const either =
  (...sources: readonly Door['admits'][]): Door['admits'] =>
  (caller) =>
    sources.some((admits) => admits(caller));
