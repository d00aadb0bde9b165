import { hoursAt, hoursText } from '../../model/hours.ts';
import type { MachineOutputs } from '../outputs.ts';
import { greets } from './reach.ts';

/** Returns the same of machines that were chosen one by one */
export const chosenOff = (chosen: readonly { name: string; outputs: MachineOutputs }[]) =>
  machinesOff(Object.fromEntries(chosen.map(({ name, outputs }) => [name, outputs])));

/**
 * Returns the machines that are off by their schedule, with their hours in words, for example `off until mon 2026-11-30
 * 09:00 (Europe/Paris)`. A machine whose SSH server answers has been started by somebody and is left out; behind a
 * bastion that cannot be seen, and the machine counts as off.
 */
export async function machinesOff(
  machines: Readonly<Record<string, MachineOutputs>>,
  now = Date.now(),
): Promise<Readonly<Record<string, string>>> {
  const found = await Promise.all(
    Object.entries(machines).map(async ([name, machine]) => {
      const hours = machine.schedule && hoursAt(machine.schedule, now);
      if (!machine.schedule || !hours || hours.on) return [];
      if (!machine.ssh.proxy && (await greets(machine))) return [];
      return [[name, hoursText(machine.schedule, hours)] as const];
    }),
  );
  return Object.fromEntries(found.flat());
}
