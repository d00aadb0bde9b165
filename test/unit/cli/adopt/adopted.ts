import { join } from 'node:path';
import { parse } from 'yaml';
import { berthHere, checkout, put, temporaryFolder } from '../berth.ts';

/** Former files of the four systems, written anew after the facts */
export const former = (path: string): string => join(checkout, 'test/unit/cli/adopt/former', path);

/** A folder with a project and these files */
export function project(files: Readonly<Record<string, string>> = {}): string {
  const folder = temporaryFolder();
  put(folder, 'Pulumi.yaml', 'name: berth\n');
  for (const [path, text] of Object.entries(files)) put(folder, path, text);
  return folder;
}

export interface Adopted {
  code: number | null;
  stdout: string;
  stderr: string;
  /** Entry of a system in what was printed */
  entry(system: string): Record<string, unknown>;
}

/** Runs `berth adopt old` with --dry-run; no key of this computer is read */
export async function adopted(args: readonly string[], folder = project()): Promise<Adopted> {
  const run = await berthHere(['adopt', 'old', '--dry-run', '--known-hosts', 'none', ...args], folder);
  return {
    ...run,
    entry: (system) => parse(run.stdout.split('\n\n')[0] ?? '')['berth:systems'][system],
  };
}

/** What is told that stands in the way, without the ways out */
export const refusals = ({ stderr }: Pick<Adopted, 'stderr'>): readonly string[] =>
  stderr
    .split('\n')
    .filter((line) => line.startsWith('refused'))
    .map((line) => line.replace(/^refused +/, ''));
