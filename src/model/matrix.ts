import { machineRules } from './adopted.ts';
import type { Blueprint, Rule, Source } from './blueprint.ts';
import type { Environment } from './environment.ts';
import { machineName } from './names.ts';

/** One thing that is open; what no row names is closed */
export interface Reach {
  system: string;
  from: Party;
  /** The role's machines by name */
  to: { role: string; machines: readonly string[] };
  port: number;
  protocol: 'tcp' | 'udp';
  why: string;
}

/** Who may connect: the world, the operators, named networks (CIDR), or a role's machines */
export type Party =
  | { kind: 'internet' }
  | { kind: 'operators'; networks: readonly string[] }
  | { kind: 'networks'; name: string; networks: readonly string[] }
  | { kind: 'role'; role: string; machines: readonly string[] };

/**
 * Who may reach what in a system, in the order of its rules; a rule that is given twice stands once for each reason.
 * Adopted machines of a role may differ in their ports: theirs come after, each rule with the machines that have it.
 */
export function reachability(blueprint: Blueprint, operators: Environment['operators']): readonly Reach[] {
  const made = blueprint.rules
    .filter(({ to }) => !blueprint.roles[to]?.hosts)
    .map((rule) => ({ rule, machines: machineNames(blueprint, rule.to) }));
  return [...made, ...onAdopted(blueprint)].map(({ rule, machines }) => ({
    system: blueprint.system,
    from: party(rule.from, blueprint, operators),
    to: { role: rule.to, machines },
    port: rule.port,
    protocol: rule.protocol,
    why: rule.why,
  }));
}

function onAdopted(blueprint: Blueprint): readonly { rule: Rule; machines: readonly string[] }[] {
  const rows = new Map<string, { rule: Rule; machines: string[] }>();
  for (const [role, { hosts = [] }] of Object.entries(blueprint.roles)) {
    for (const index of hosts.keys()) {
      for (const rule of machineRules(blueprint, { role, index })) {
        const row = rows.get(JSON.stringify(rule)) ?? { rule, machines: [] };
        rows.set(JSON.stringify(rule), row);
        row.machines.push(machineName({ system: blueprint.system, role, index }));
      }
    }
  }
  return [...rows.values()];
}

function party(from: Source, blueprint: Blueprint, operators: Environment['operators']): Party {
  if (from === 'internet') return { kind: 'internet' };
  if (from === 'operators') return { kind: 'operators', networks: operators.networks };
  if ('networks' in from) return { kind: 'networks', name: from.name, networks: from.networks };
  return { kind: 'role', role: from.role, machines: machineNames(blueprint, from.role) };
}

/**
 * None for what the cloud itself runs
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
