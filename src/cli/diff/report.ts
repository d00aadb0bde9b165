import { printable } from '../table.ts';
import type { PlannedObject } from './objects.ts';

/** Effect of a deployment on a machine, or why it is not known */
export type DeploymentEffect =
  | { kind: 'new' | 'gone' | 'same' | 'again' }
  | { kind: 'off'; hours: string }
  | Pick<PlannedObject, 'kind' | 'does'>
  | { kind: 'unasked'; why: string }
  | { kind: 'steps'; live: string; version: string; steps: readonly Step[] };

interface Step {
  does: string;
  reason: string;
}

export type MachineDiff = { system: string; machine: string } & DeploymentEffect;

/** Of a machine that is off, the deployment itself says what becomes of it */
export const isAsked = ({ kind }: MachineDiff): boolean => kind !== 'unasked';

/** Whether a deployment would do something on the machine, as far as is known */
export const isChanged = (machine: MachineDiff): boolean =>
  machine.kind === 'steps' ? machine.steps.length > 0 : machine.kind !== 'same';

/** For a terminal: system by system, in the order in which a deployment reaches the machines */
export function diffText(machines: readonly MachineDiff[]): string {
  const systems = [...new Set(machines.map(({ system }) => system))];
  return systems
    .flatMap((name) => [name, ...machines.filter(({ system }) => system === name).flatMap(lines)])
    .map((line) => `${printable(line)}\n`)
    .join('');
}

function lines(machine: MachineDiff): readonly string[] {
  const [first, ...more] = outcome(machine);
  return [`  ${machine.machine}${first}`, ...more.map((line) => `    ${line}`)];
}

/** The end of the machine's line, and the lines below it */
function outcome(machine: DeploymentEffect): readonly string[] {
  switch (machine.kind) {
    case 'new':
      return [': new: everything'];
    case 'gone':
      return [': leaves the stack'];
    case 'same':
      return [': nothing to do'];
    case 'again':
      return [': the same release again, because its connection settings change; any drift is corrected'];
    case 'object':
      return [` ${machine.does}`];
    case 'off':
      return [`: is ${machine.hours}, not checked`];
    case 'unasked':
      return [`: ${machine.why}`];
    case 'steps': {
      const { live, version, steps } = machine;
      if (steps.length === 0) return [': nothing to do'];
      const versions = live === version ? version : `${live || 'no version'} → ${version}`;
      return [`, ${versions}:`, ...steps.map(({ does, reason }) => `${does}: ${reason}`)];
    }
  }
}
