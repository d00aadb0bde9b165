import type { Blueprint, Role } from '../model/blueprint.ts';
import { type FactPath, ownAddress } from '../model/facts.ts';
import { peersOf } from '../model/failover.ts';
import { type MachineName, machineFact } from '../model/names.ts';
import { callsBetween } from '../model/openings.ts';
import { type Needs, needsOf } from '../model/value.ts';

/**
 * Returns the facts and secrets that a machine's files depend on: those of its services, jobs, edge, data disk and the
 * rules that name its role
 */
export function machineNeeds(blueprint: Blueprint, role: Role, machine: MachineName): Needs {
  const needs = needsOf([role.services, role.jobs, role.edge]);
  const own = needs.refs.map((name) =>
    name === ownAddress ? machineFact(machine.role, machine.index, 'privateAddress') : name,
  );
  const peers = callsBetween(blueprint.rules).flatMap(({ from, to }) =>
    to === machine.role ? peerFacts(blueprint, from) : [],
  );
  const volume = role.volume ? [machineFact(machine.role, machine.index, 'volumeDevice')] : [];
  const failover = role.failover ? failoverFacts(blueprint, role, machine) : [];
  return { secrets: needs.secrets, refs: [...new Set([...own, ...peers, ...volume, ...failover])].sort() };
}

/** Returns the facts with the addresses of a machine's peers, and those by which it holds the address of all of them */
const failoverFacts = (blueprint: Blueprint, { failover }: Role, machine: MachineName): readonly FactPath[] => [
  ...peersOf(blueprint, machine).map(({ role, index }) => machineFact(role, index, 'privateAddress')),
  ...(failover === 'address'
    ? ([
        machineFact(machine.role, machine.index, 'privateAddress'),
        `failovers.${machine.role}.privateAddress`,
      ] as const)
    : []),
];

/**
 * Returns the facts with the source addresses of a role's connections: the addresses of its machines, or the networks
 * of the cloud's balancer
 */
export function peerFacts(blueprint: Blueprint, role: string): readonly FactPath[] {
  const count = blueprint.roles[role]?.count;
  if (count === undefined) return [`balancers.${role}.networks`];
  return Array.from({ length: count }, (_, index) => machineFact(role, index, 'privateAddress'));
}
