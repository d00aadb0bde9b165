import { releaseStep } from './events.ts';

/** Where a resource is shown: on the line of a machine, or on one of its own */
export interface Place {
  machine: string;
  step: string;
}

/** Resources that only group others */
const groups: readonly string[] = ['pulumi:pulumi:Stack', 'berth:index:System'];

/** Returns where a resource is shown; undefined for one that is made of others. Names of machines end with a number. */
export function placeOf(name: string, type: string): Place | undefined {
  if (groups.includes(type)) return undefined;
  const [, machine, rest] = /^(.+?-\d+)(?:-(.+))?$/.exec(name) ?? [];
  if (machine === undefined) return { machine: name, step: kindOf(type) };
  if (rest === undefined) return { machine, step: kindOf(type) };
  return { machine, step: steps[rest] ?? rest.replaceAll('-', ' ') };
}

const steps: Readonly<Record<string, string>> = { ready: 'boot and login', release: releaseStep };

/** `berthlocal:index:LogReceiver` → `log receiver` */
const kindOf = (type: string): string =>
  (type.split(':').at(-1) ?? type).replaceAll(/(?<=[a-z\d])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
