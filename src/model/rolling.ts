/** How the machines of a role are released */
export interface Rolling {
  /** Number of machines that are released at the same time, once the first one is live */
  atOnce: number;
  /** Pause after the releases of some machines before those of the next ones begin */
  pauseSeconds: number;
}

/** Seconds for which a balancer leaves out a machine that has not answered */
export const leftOutSeconds = 10;

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
