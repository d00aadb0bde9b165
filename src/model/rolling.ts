import type { Role } from './blueprint.ts';

/** How the machines of a role are released */
export interface Rolling {
  /** Number of machines that are released at the same time, once the first one is live */
  atOnce: number;
  /** Pause after the releases of some machines before those of the next ones begin */
  pauseSeconds: number;
}

/** One machine after another */
export const oneByOne: Rolling = { atOnce: 1, pauseSeconds: 0 };

/** Returns machines in batches: the first one alone, because its release shows whether the others may follow */
export function batchesOf<T>(machines: readonly T[], { atOnce }: Pick<Rolling, 'atOnce'>): readonly (readonly T[])[] {
  const [first, ...others] = machines;
  if (first === undefined) return [];
  const batches = Array.from({ length: Math.ceil(others.length / atOnce) }, (_, batch) =>
    others.slice(batch * atOnce, (batch + 1) * atOnce),
  );
  return [[first], ...batches];
}

/**
 * Returns the machines of a role in the order in which they are released: those that are behind come first. A machine
 * is behind another one when its last release went live earlier; one without a release is behind all. So after a
 * release that stopped half way, the next one begins where that one failed.
 * @param liveSince when the last release of a machine went live (ISO 8601, UTC); undefined where that is not known
 */
export function behindFirst<T extends { index: number }>(
  { jobs = [] }: Pick<Role, 'jobs'>,
  machines: readonly T[],
  liveSince: (machine: T) => string | undefined,
): readonly T[] {
  // A migration runs on the first machine only, and no other machine may have the new version before it
  const migrates = jobs.some(({ when, onceAcrossMachines }) => 'release' in when && onceAcrossMachines);
  const since = (machine: T): string => (migrates && machine.index === 0 ? '' : (liveSince(machine) ?? ''));
  const order = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
  return [...machines].sort((a, b) => order(since(a), since(b)) || a.index - b.index);
}
