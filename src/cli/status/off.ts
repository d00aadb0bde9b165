import { hoursAt, hoursText } from '../../model/hours.ts';
import type { MachineOutputs } from '../outputs.ts';
import { greets } from './reach.ts';

/**
 * The machines that are off by their schedule, each with its hours in words, for example `off until mon 2026-11-30 09:00
 * (Europe/Paris)`. One whose SSH server greets us all the same runs: somebody has started it. Of one behind a bastion that
 * can't be seen, and it counts as off.
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
