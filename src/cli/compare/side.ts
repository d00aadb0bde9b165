import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Captured, captured } from '../../process/captured.ts';

/** One side of a comparison: a project's folder and the program of berth that reads it */
export interface Side {
  project: string;
  /** Path of the side's own `berth` */
  program: string;
}

/** Compared views with their path in a side's folder */
export const views = { policies: 'policies.txt', matrix: 'matrix.txt', cost: 'cost.txt', render: 'files' } as const;
export type View = keyof typeof views;

/**
 * Writes a view of a stack, made by the side's own code, into a folder
 * @returns the error of that code; undefined on success
 */
export async function writeView(side: Side, stack: string, view: View, folder: string): Promise<string | undefined> {
  const path = join(folder, views[view]);
  await mkdir(dirname(path), { recursive: true });
  const { code, stdout, stderr } = await run(side, view === 'render' ? [view, stack, '--out', path] : [view, stack]);
  // `berth policies` exits with 1 for its findings, which are part of the view
  const failed = view === 'policies' ? stdout === '' || (code !== 0 && code !== 1) : code !== 0;
  if (failed) return stderr.trim() || `berth ${view} ended with code ${code}`;
  if (view === 'render') await rm(join(path, '.berth-render'), { force: true });
  else await writeFile(path, stdout);
  return undefined;
}

/** Variables passed on: a view needs no others, and a pull request's code must not see a token */
const passed = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'SystemRoot'];

/** Runs a command of a side's own berth, in its folder and without tokens */
export function run({ project, program }: Side, args: readonly string[]): Promise<Captured> {
  const env = Object.fromEntries(passed.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
  return captured(process.execPath, [program, ...args], { cwd: project, env });
}
