import { machinesPerRole } from './address.ts';
import type { Blueprint, Rule } from './blueprint.ts';
import type { FactPath } from './facts.ts';
import { type MachineName, machineFact } from './names.ts';

/**
 * How one address leads to whichever machine of a role works. `address`: one of them holds it, as they agree among
 * themselves (VRRP). `service`: the cloud's own balancer of connections has it.
 */
export type Failover = 'address' | 'service';

/** Index of the failover address among the planned addresses of its role: the last of them */
export const failoverIndex = machinesPerRole - 1;

/** Number of VRRP among the protocols of IP; it has no ports */
export const vrrpProtocol = 112;

/** Returns the rule that lets the machines of a role agree on which of them holds their address */
export const vrrpRule = (role: string): Rule => ({
  ...{ from: { role }, to: role, port: vrrpProtocol, protocol: 'vrrp' },
  why: 'its machines tell each other which of them holds the address of all',
});

/** Returns the fact with the address of a role's machines: their common one, or that of a single machine */
export const addressFact = ({ roles }: Pick<Blueprint, 'roles'>, role: string, index: number): FactPath =>
  roles[role]?.failover ? `failovers.${role}.publicAddress` : machineFact(role, index, 'publicAddress');

/** Returns the other machines of a role */
export const peersOf = ({ roles }: Pick<Blueprint, 'roles'>, machine: MachineName): readonly MachineName[] =>
  Array.from({ length: roles[machine.role]?.count ?? 0 }, (_, index) => ({ ...machine, index })).filter(
    ({ index }) => index !== machine.index,
  );

/** Returns a port as people read it */
export const portText = ({ port, protocol }: Pick<Rule, 'port' | 'protocol'>): string =>
  protocol === 'vrrp' ? protocol : `${port}/${protocol}`;
