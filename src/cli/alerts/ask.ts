import { randomBytes } from 'node:crypto';
import { alertmanagerService } from '../../model/alerting.ts';
import type { Blueprint } from '../../model/blueprint.ts';
import type { MachineOutputs, SystemOutputs } from '../outputs.ts';
import { firstOn, machinesHaving } from '../run/having.ts';
import { failureOf, runRemotely } from '../ssh/remoteScript.ts';
import type { ChosenMachine } from '../update/order.ts';
import { type Alerts, readAlerts, readTest, type Taken } from './read.ts';
import { firingCommand, testScript } from './scripts.ts';

/** Returns the machines with an Alertmanager, of each system that has one */
export const watchers = (
  systems: Readonly<Record<string, SystemOutputs>>,
  blueprints: readonly Blueprint[],
): readonly (readonly ChosenMachine[])[] =>
  blueprints.flatMap(({ system }) => {
    if (!(system in systems)) return [];
    const machines = machinesHaving(systems, blueprints, system, ({ services }) =>
      services.some(({ name }) => name === alertmanagerService),
    );
    return machines.length > 0 ? [machines] : [];
  });

/**
 * Asks the Alertmanager of each system, all at the same time
 * @throws where the machines of a system are off, can't be logged in to, or its Alertmanager does not answer
 */
export async function askedOf(
  watching: readonly (readonly ChosenMachine[])[],
  key: string,
  stack: string,
  what: 'firing' | 'test',
): Promise<Readonly<Record<string, Alerts | readonly Taken[]>>> {
  const asked = watching.map(async (machines) => {
    const { system, name, outputs } = await firstOn(machines, 'nobody is told anything');
    const script =
      what === 'test'
        ? testScript(system, stack, randomBytes(4).toString('hex'), new Date())
        : `exec ${firingCommand(system)}\n`;
    const text = await answerOf(name, outputs, key, script);
    return [system, what === 'test' ? readTest(text) : readAlerts(text)] as const;
  });
  return Object.fromEntries(await Promise.all(asked));
}

async function answerOf(name: string, machine: MachineOutputs, key: string, script: string): Promise<string> {
  const run = await runRemotely(machine, key, script, []);
  if (run.code === 0) return run.stdout;
  throw new Error(`the Alertmanager of ${name} does not answer: ${failureOf(run)}`);
}
