/** A thing that a project of tests needs, that takes minutes to make, and that is kept for the next run */
export interface Kept {
  name: string;
  isThere(): Promise<boolean>;
  make(log: (line: string) => void): Promise<unknown>;
}

/** Returns what is not there yet */
export async function missing(things: readonly Kept[]): Promise<readonly Kept[]> {
  const there = await Promise.all(things.map((thing) => thing.isThere()));
  return things.filter((_, index) => !there[index]);
}

/** Tells why a project was left out of a run that named none, and the command that makes what it lacks */
export const leftOutText = (project: string, lacking: readonly Kept[]): string =>
  `left out: ${project}, which needs what is not on this computer yet: ${lacking.map(({ name }) => name).join(', ')}. ` +
  `\`npm test -- ${project}\` makes it once, and runs the tests`;
