import type { Blueprint } from '../../model/blueprint.ts';
import { releaseOrder } from '../../model/order.ts';
import { noMachines } from '../inCluster.ts';
import type { MachineOutputs, SystemOutputs } from '../outputs.ts';
import { findMachine } from '../ssh/findMachine.ts';

export interface ChosenMachine {
  system: string;
  name: string;
  outputs: MachineOutputs;
}

/**
 * Returns a stack's deployed machines in release order: a role comes after the roles that it calls
 * @param blueprints declared in the stack's file; roles that are no longer declared come last
 * @param only one system, one machine, or both; all without them
 * @throws when there is no such system or machine, listing the existing ones
 */
export function chosenMachines(
  systems: Readonly<Record<string, SystemOutputs>>,
  blueprints: readonly Blueprint[],
  { system, machine }: { system?: string | undefined; machine?: string | undefined },
): readonly ChosenMachine[] {
  if (system !== undefined && !(system in systems)) {
    throw new Error(`system ${system} is not deployed; deployed are ${Object.keys(systems).join(', ')}`);
  }
  const namespace = system === undefined ? undefined : systems[system]?.cluster?.namespace;
  if (system !== undefined && namespace !== undefined) throw new Error(noMachines(system, namespace));
  const within = Object.fromEntries(
    Object.entries(systems).filter(([name]) => system === undefined || name === system),
  );
  const wanted = machine === undefined ? undefined : findMachine(within, machine).name;
  return Object.entries(within).flatMap(([name, { machines }]) => {
    const blueprint = blueprints.find((one) => one.system === name);
    const order = blueprint ? releaseOrder(blueprint) : [];
    const place = (role: string): number => (order.includes(role) ? order.indexOf(role) : order.length);
    return Object.entries(machines)
      .filter(([one]) => wanted === undefined || one === wanted)
      .sort(([, a], [, b]) => place(a.role) - place(b.role))
      .map(([one, outputs]) => ({ system: name, name: one, outputs }));
  });
}
