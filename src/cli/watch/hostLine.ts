/** A line that a release says on its machine: see tell.py of the release engine */
export type HostLine =
  | { kind: 'steps'; steps: readonly string[] }
  | { kind: 'ended'; step: string; seconds: number }
  | { kind: 'part'; step: string; done: number; of: number; unit: 'parts' | 'seconds'; text: string }
  | { kind: 'alive'; seconds: number }
  /** Anything else, to be shown as it is */
  | { kind: 'said'; text: string };

/** A stage's name is padded to 24 characters: other lines may end with a time too */
const ended = /^(\S.{23}) (\d+\.\d) s$/;
const part = /^([^:]+): (\d+) of (\d+)( s)?(?:, (.*))?$/;
const alive = /^still at work after (\d+) s(?:: .*)?$/;
const steps = /^steps: (.+)$/;

/** Returns what a line of a release means; a line that an older or newer engine says differently is shown as it is */
export function hostLine(line: string): HostLine {
  const [, names] = steps.exec(line) ?? [];
  if (names !== undefined) return { kind: 'steps', steps: names.split(', ') };
  const [isAlive, after] = alive.exec(line) ?? [];
  if (isAlive !== undefined) return { kind: 'alive', seconds: Number(after) };
  const [isPart, of, done, all, unit, what = ''] = part.exec(line) ?? [];
  if (isPart !== undefined && of !== undefined && Number(all) > 0) {
    return {
      ...{ kind: 'part', step: of, done: Number(done), of: Number(all) },
      ...{ unit: unit === undefined ? 'parts' : 'seconds', text: what },
    };
  }
  const [, step, seconds] = ended.exec(line) ?? [];
  if (step !== undefined) return { kind: 'ended', step: step.trimEnd(), seconds: Number(seconds) };
  return { kind: 'said', text: line };
}
