import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { captured } from '../../process/captured.ts';

/** One of the two that are compared: a project's folder, and the program of berth that reads it */
export interface Side {
  project: string;
  /** The file of its own `berth` */
  program: string;
}

/** What is looked at, and the path that it gets below a side's folder */
export const views = { policies: 'policies.txt', matrix: 'matrix.txt', render: 'files' } as const;
export type View = keyof typeof views;

/**
 * Writes what a side's own code says of a stack below a folder.
 * @returns why it could not be had, in the words of that code; nothing where it could
 */
export async function writeView(side: Side, stack: string, view: View, folder: string): Promise<string | undefined> {
  const path = join(folder, views[view]);
  await mkdir(dirname(path), { recursive: true });
  const { code, stdout, stderr } = await run(side, view === 'render' ? [view, stack, '--out', path] : [view, stack]);
  // Policies end with 1 for what they found, which is what we want to read
  const failed = view === 'policies' ? stdout === '' || (code !== 0 && code !== 1) : code !== 0;
  if (failed) return stderr.trim() || `berth ${view} ended with code ${code}`;
  if (view === 'render') await rm(join(path, '.berth-render'), { force: true });
  else await writeFile(path, stdout);
  return undefined;
}

/** What reads files and prints text needs nothing that a job may know: a pull request's code gets no token from here */
const passed = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'SystemRoot'];

function run({ project, program }: Side, args: readonly string[]) {
  const env = Object.fromEntries(passed.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
  return captured(process.execPath, [program, ...args], { cwd: project, env });
}
