import { machineRules } from './adopted.ts';
import type { Blueprint, Rule } from './blueprint.ts';
import type { Environment } from './environment.ts';
import { machineName } from './names.ts';
import { type Caller, type Opening, openings } from './openings.ts';

/** One row of the reachability matrix; a connection that no row allows is blocked */
export interface Reach {
  system: string;
  from: Party;
  /** The role and the names of its machines */
  to: { role: string; machines: readonly string[] };
  port: number;
  protocol: Rule['protocol'];
  why: string;
}

/** Source of a row; a role comes with the names of its machines */
export type Party =
  | Exclude<Caller, { kind: 'role' }>
  | (Extract<Caller, { kind: 'role' }> & { machines: readonly string[] });

/**
 * Returns the reachability matrix of a system in the order of its rules; rules that open the same thing share a row
 * with all their reasons. Adopted machines of a role may have different ports: their rows come last, each with the
 * machines that it applies to.
 */
export function reachability(blueprint: Blueprint, operators: Environment['operators']): readonly Reach[] {
  const rules = blueprint.rules.filter(({ to }) => !blueprint.roles[to]?.hosts);
  const made = openings(rules, operators.networks).map((opening) => ({
    opening,
    machines: machineNames(blueprint, opening.to),
  }));
  return [...made, ...onAdopted(blueprint, operators.networks)].map(({ opening, machines }) => ({
    system: blueprint.system,
    from: party(opening.from, blueprint),
    to: { role: opening.to, machines },
    port: opening.port,
    protocol: opening.protocol,
    why: opening.why,
  }));
}

interface Row {
  opening: Opening;
  machines: readonly string[];
}

function onAdopted(blueprint: Blueprint, operators: readonly string[]): readonly Row[] {
  const rows = new Map<string, { opening: Opening; machines: string[] }>();
  for (const [role, { hosts = [] }] of Object.entries(blueprint.roles)) {
    for (const index of hosts.keys()) {
      for (const opening of openings(machineRules(blueprint, { role, index }), operators)) {
        const row = rows.get(JSON.stringify(opening)) ?? { opening, machines: [] };
        rows.set(JSON.stringify(opening), row);
        row.machines.push(machineName({ system: blueprint.system, role, index }));
      }
    }
  }
  return [...rows.values()];
}

const party = (from: Caller, blueprint: Blueprint): Party =>
  from.kind === 'role' ? { ...from, machines: machineNames(blueprint, from.role) } : from;

/**
 * Returns the machine names of a role; empty for caches and balancers that the cloud runs
 * @throws when a rule names a role that the system lacks: a defect of the system
 */
function machineNames({ system, roles, caches, balancers }: Blueprint, role: string): readonly string[] {
  if ([...caches, ...balancers].some(({ name }) => name === role)) return [];
  const count = roles[role]?.count;
  if (count === undefined) {
    throw new Error(`a rule of system ${system} names role ${role}; its roles are ${Object.keys(roles).join(', ')}`);
  }
  return Array.from({ length: count }, (_, index) => machineName({ system, role, index }));
}
