import { printable } from '../table.ts';
import type { FileChange } from './file.ts';
import { notAt, targetVersion } from './target.ts';
import type { WayBack, WentLive } from './told.ts';

/** A machine of the system, in the order in which they go back */
export interface Actions {
  machines: readonly string[];
  history(machine: string): Promise<readonly WentLive[]>;
  way(machine: string, version: string): Promise<WayBack>;
  /** Brings a release back, with its output on the terminal; returns the code */
  back(machine: string, release: string): Promise<number>;
  /** Whether the person agrees */
  agrees(): Promise<boolean>;
  say(line: string): void;
}

interface Wanted {
  stack: string;
  system: string;
  /** @default the version that was live before */
  to: string | undefined;
  /** The change of the stack's file, checked before anything is changed */
  file(version: string): Promise<FileChange>;
}

/**
 * Brings a system back to a former version: asks all machines first, then goes from one to the next, and sets the version in
 * the stack's file at the end
 * @throws before anything is changed where a machine can't go back, and later where one fails
 */
export async function rollBack(actions: Actions, { stack, system, to, file }: Wanted): Promise<void> {
  const all = await Promise.all(
    actions.machines.map(async (machine) => ({ machine, history: await actions.history(machine) })),
  );
  const version = targetVersion(all, to);
  const change = await file(version);
  const there = notAt(all, version).map(({ machine }) => machine);
  const ways = await Promise.all(there.map(async (machine) => ({ machine, way: await actions.way(machine, version) })));
  const refused = ways.filter(({ way }) => way.refused !== '');
  if (refused.length > 0) {
    const reasons = refused.map(({ machine, way }) => `  ${machine}: ${printable(way.refused)}`);
    throw new Error([`${system} can't go back to ${version}. Nothing was changed:`, ...reasons].join('\n'));
  }
  for (const { machine, way } of ways) for (const line of wayLines(machine, way)) actions.say(line);
  for (const machine of actions.machines.filter((one) => !there.includes(one)))
    actions.say(`${machine}: is at ${version} already`);
  if (there.length > 0 && !(await actions.agrees())) throw new Error('nothing was changed');
  await through(actions, ways, version);
  for (const line of change.apply()) actions.say(line);
  if (there.length > 0) actions.say(`${system} is back at ${version}; the next deployment of ${stack} confirms it`);
}

async function through(actions: Actions, ways: readonly { machine: string; way: WayBack }[], version: string) {
  for (const [index, { machine, way }] of ways.entries()) {
    actions.say(`${machine}:`);
    const code = await actions.back(machine, way.release);
    if (code === 0) continue;
    const done = ways.slice(0, index).map((one) => one.machine);
    const left = ways.slice(index + 1).map((one) => one.machine);
    throw new Error(
      `${machine} did not go back (code ${code}): see above. ` +
        `${done.length > 0 ? `${done.join(', ')} went back to ${version}` : 'No machine went back'}; ` +
        `${left.length > 0 ? `not touched: ${left.join(', ')}` : 'no other remained'}. The file was not changed`,
    );
  }
}

const wayLines = (machine: string, { live, version, steps }: WayBack): readonly string[] => [
  `${machine}, ${printable(live)} → ${printable(version)}:`,
  ...steps.map(({ does, reason }) => printable(`  ${does}: ${reason}`)),
];
