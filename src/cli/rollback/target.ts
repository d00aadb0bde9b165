import type { WentLive } from './told.ts';

/** The history of a machine, latest first: the first is live */
export interface MachineHistory {
  machine: string;
  history: readonly WentLive[];
}

/**
 * Returns the version to which all machines of a system go back: the wanted one, or the last that was live before on each
 * of them and that nobody went back from
 * @throws where they have no version in common, with what each has
 */
export function targetVersion(machines: readonly MachineHistory[], wanted: string | undefined): string {
  if (wanted !== undefined) return wanted;
  const ways = machines.map(({ history }) => [history[0]?.version, formerVersion(history)]);
  const [first] = ways;
  const alike = ways.every(([live, former]) => live === first?.[0] && former === first?.[1]);
  if (alike && first?.[1] !== undefined) return first[1];
  const told = machines.map(({ machine, history }) => `  ${machine}: ${describe(history)}`);
  const what = first?.[1] === undefined && alike ? 'there is no former version' : 'the machines have no way in common';
  throw new Error([`${what}: name a version with --to, or deploy one. Nothing was changed`, ...told].join('\n'));
}

function formerVersion(history: readonly WentLive[]): string | undefined {
  const live = history[0]?.version;
  return history.find(({ version, left, kept }) => version !== live && kept && !left)?.version;
}

const describe = (history: readonly WentLive[]): string =>
  `${history[0]?.version ?? 'no release'} is live, before it ${formerVersion(history) ?? 'no other version that is kept'}`;

/** Returns the machines that are not at a version yet */
export const notAt = <One extends MachineHistory>(machines: readonly One[], version: string): readonly One[] =>
  machines.filter(({ history }) => history[0]?.version !== version);
