import type { Blueprint, Role } from '../../model/blueprint.ts';
import type { SystemOutputs } from '../outputs.ts';
import { machinesHaving } from '../run/having.ts';
import { unknownName } from '../unknownName.ts';
import { type ChosenMachine, chosenMachines } from '../update/order.ts';

/** A machine with those of its services that are wanted */
export interface LogSource extends ChosenMachine {
  services: readonly string[];
}

interface Wanted {
  system: string;
  role?: string | undefined;
  service?: string | undefined;
  machine?: string | undefined;
}

/**
 * Returns the machines whose services are wanted
 * @throws where there is no such system, role, machine or service, listing those there are
 */
export function sourcesOf(
  systems: Readonly<Record<string, SystemOutputs>>,
  blueprints: readonly Blueprint[],
  { system, role, service, machine }: Wanted,
): readonly LogSource[] {
  const roles = blueprints.find((one) => one.system === system)?.roles ?? {};
  const named = (name: string): boolean => role === undefined || name === role;
  const wanted = (one: Role): readonly string[] =>
    servicesOf(one).filter((name) => service === undefined || name === service);
  const within = Object.entries(roles).filter(([name]) => named(name));
  const having = machinesHaving(systems, blueprints, system, (one) => wanted(one).length > 0);
  if (within.length === 0) throw unknownName(system, 'role', `${role}`, Object.keys(roles));
  const [only] = machine === undefined ? [] : chosenMachines(systems, blueprints, { system, machine });
  const found = having.filter(({ name, outputs }) => named(outputs.role) && (only === undefined || name === only.name));
  if (found.length === 0)
    throw new Error(`${only?.name ?? (role ? `role ${role}` : system)} ${lacks(service, within)}`);
  return found.map((one) => ({ ...one, services: wanted(roles[one.outputs.role] as Role) }));
}

/** Containers and processes, and an edge that is a container */
const servicesOf = ({ services, edge }: Role): readonly string[] => [
  ...services.map(({ name }) => name),
  ...(edge?.kind === 'traefik' ? ['traefik'] : []),
];

function lacks(service: string | undefined, within: readonly (readonly [string, Role])[]): string {
  const there = within.map(([name, role]) => `${servicesOf(role).join(', ') || 'none'} (${name})`).join('; ');
  return `${service === undefined ? 'has no services' : `has no service ${service}`}: services are ${there}`;
}
