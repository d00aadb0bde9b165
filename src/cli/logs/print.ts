import { engineCommand, stateFolder } from '../../render/paths.ts';
import { shellWord } from '../shell.ts';
import { failureOf, runRemoteCommand } from '../ssh/remoteScript.ts';
import { chosenOff } from '../status/off.ts';
import { type Entry, entryReader, entryText, inOrder } from './entries.ts';
import type { LogSource } from './sources.ts';

export interface Bounds {
  /** @default the last `lines` of each service */
  since?: Date;
  lines: number;
  follow?: boolean;
}

/** How long lines of several machines wait for earlier ones of another while they are followed */
const windowMs = 400;
/** Followed lines come until a person has seen enough: as long as a timer can be */
const [askedSeconds, followedSeconds] = [600, 2_000_000];

/**
 * Prints the lines of all machines, read at the same time with one login each
 * @returns whether all could be asked; one that could not is told on standard error
 */
export async function printLogs(
  sources: readonly LogSource[],
  key: string,
  system: string,
  bounds: Bounds,
): Promise<boolean> {
  let waiting: Entry[] = [];
  const flush = (): void => {
    const entries = inOrder(waiting);
    waiting = [];
    process.stdout.write(entries.map(entryText).join(''));
  };
  const timer = bounds.follow ? setInterval(flush, windowMs) : undefined;
  const off = await chosenOff(sources);
  const read = sources.map(async (source) => {
    const hours = off[source.name];
    if (hours !== undefined) return told(`${source.name} is ${hours}`, true);
    const entries = entryReader(source.name);
    try {
      const run = await runRemoteCommand(
        source.outputs,
        key,
        logsWords(system, source.services, bounds),
        '',
        bounds.follow ? followedSeconds : askedSeconds,
        (output) => void waiting.push(...entries(output)),
      );
      return run.code === 0 || told(`${source.name}: ${failureOf(run)}`, false);
    } catch (error) {
      return told(`${source.name}: ${error instanceof Error ? error.message : error}`, false);
    }
  });
  const all = await Promise.all(read);
  clearInterval(timer);
  flush();
  return all.every((asked) => asked);
}

function told(line: string, asked: boolean): boolean {
  console.error(line);
  return asked;
}

/** Words for the machine's shell */
export function logsWords(system: string, services: readonly string[], { since, lines, follow }: Bounds): string {
  const older = 'its release was made by an older berth, without logs: deploy it once, then ask again';
  const bound = since ? `since=${since.getTime() / 1000}` : `lines=${lines}`;
  const words = [bound, ...(follow ? ['follow'] : []), ...services].map(shellWord).join(' ');
  return (
    `sudo -n test -e ${stateFolder(system)}/current/engine/logs.py || { echo '${older}' >&2; exit 1; }; ` +
    `exec sudo -n ${engineCommand(system, 'logs')} ${words}`
  );
}
