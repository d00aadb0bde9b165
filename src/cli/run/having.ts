import type { Blueprint, Role } from '../../model/blueprint.ts';
import type { SystemOutputs } from '../outputs.ts';
import { chosenOff } from '../status/off.ts';
import { type ChosenMachine, chosenMachines } from '../update/order.ts';

/**
 * Returns a system's machines of the roles that have something, the first of their role first
 * @throws where the system is not deployed
 */
export function machinesHaving(
  systems: Readonly<Record<string, SystemOutputs>>,
  blueprints: readonly Blueprint[],
  system: string,
  has: (role: Role) => boolean,
): readonly ChosenMachine[] {
  const declared = blueprints.find((one) => one.system === system)?.roles ?? {};
  return chosenMachines(systems, blueprints, { system })
    .filter(({ outputs }) => {
      const role = declared[outputs.role];
      return role !== undefined && has(role);
    })
    .sort((a, b) => numberOf(a) - numberOf(b));
}

const numberOf = ({ name }: ChosenMachine): number => Number(/\d+$/.exec(name)?.[0] ?? 0);

/**
 * Returns the first of machines that is not off by its schedule
 * @param nothing what then does not happen, for example `nothing was run`
 * @throws where all are off, with their hours
 */
export async function firstOn(machines: readonly ChosenMachine[], nothing: string): Promise<ChosenMachine> {
  const off = await chosenOff(machines);
  const chosen = machines.find(({ name }) => off[name] === undefined);
  if (!chosen) throw new Error(`${machines.map(({ name }) => `${name} is ${off[name]}`).join('; ')}: ${nothing}`);
  return chosen;
}
