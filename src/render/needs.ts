import type { Blueprint, Role } from '../model/blueprint.ts';
import { type MachineName, machineFact } from '../model/names.ts';
import { type Needs, needsOf } from '../model/value.ts';

/** What the files of one machine wait for: what its own services, its edge and the rules that name it need, and no more */
export function machineNeeds(blueprint: Blueprint, role: Role, machine: MachineName): Needs {
  const needs = needsOf([role.services, role.edge]);
  const peers = blueprint.rules.flatMap((rule) => {
    if (rule.to !== machine.role || typeof rule.from === 'string' || !('role' in rule.from)) return [];
    const peer = rule.from.role;
    const count = blueprint.roles[peer]?.count ?? 0;
    return Array.from({ length: count }, (_, index) => machineFact(peer, index, 'privateAddress'));
  });
  return { secrets: needs.secrets, refs: [...new Set([...needs.refs, ...peers])].sort() };
}
