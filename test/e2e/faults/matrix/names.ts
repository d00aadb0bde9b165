/** Steps of a release that changes everything, in their order, by their classes in the release engine */
export const steps = [
  ...(['Keep', 'MakeRoom', 'CheckFiles', 'HostFiles', 'Pull', 'ReleaseFiles', 'CheckServices'] as const),
  ...(['RunJob', 'Start', 'Replace', 'Switch', 'AwaitCertificates', 'Drain', 'Stop', 'Finish'] as const),
] as const;

export type StepName = (typeof steps)[number];

/** What happens to the machine or to its release as a step begins, and its head in the table */
export const faults = {
  killed: 'the release is killed',
  docker: 'docker is killed',
  ssh: 'SSH is cut',
  power: 'power is cut',
  disk: 'the disk is full',
  memory: 'no memory is left',
  clock: 'the clock goes back an hour',
  registry: 'the registry is gone',
  slow: 'the registry is slow',
  second: 'a second release comes',
  dead: 'it dies with its lock',
} as const;

export type FaultName = keyof typeof faults;

export const faultNames = Object.keys(faults) as FaultName[];

export interface Cell {
  step: StepName;
  fault: FaultName;
}

/** What was seen of a cell */
export interface Seen extends Cell {
  requests: number;
  failed: number;
  /** The longest time without a good answer, in seconds; 0 where every request was answered well */
  downSeconds: number;
  /** How the release ended, by what it said: its exit code, or `lost` where nobody heard its end */
  first: number | 'lost';
  /** What served when the fault was over, before anything else was done */
  serves: 'old' | 'new' | 'mix' | 'none';
  /** The next release: its exit code and time in seconds */
  next: number | 'lost';
  nextSeconds: number;
  /** What is not as it should be after the next release; empty where the machine is whole */
  wrong: string[];
}

/** Cells of every step and every fault */
export const everyCell = (): Cell[] => steps.flatMap((step) => faultNames.map((fault) => ({ step, fault })));

/** Returns as few cells as have each step and each fault at least once, chosen by a seed */
export function sample(seed: number): Cell[] {
  const next = randomOf(seed);
  const [rows, columns] = [shuffled(steps, next), shuffled(faultNames, next)];
  const count = Math.max(rows.length, columns.length);
  return Array.from({ length: count }, (_, at) => ({
    step: rows[at % rows.length] as StepName,
    fault: columns[at % columns.length] as FaultName,
  }));
}

/** Returns numbers from 0 to below 1 that a seed determines (mulberry32) */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function shuffled<T>(all: readonly T[], next: () => number): T[] {
  const made = [...all];
  for (let at = made.length - 1; at > 0; at--) {
    const other = Math.floor(next() * (at + 1));
    [made[at], made[other]] = [made[other] as T, made[at] as T];
  }
  return made;
}
