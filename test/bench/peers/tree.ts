import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Project } from './project.ts';
import type { WorkFile } from './work.ts';

/** Writes files below `files` of a project, as they lie on the machine, and nothing else */
export async function writeTree(project: Project, files: readonly WorkFile[]): Promise<void> {
  await rm(join(project.folder, 'files'), { recursive: true, force: true });
  for (const { path, mode, text } of files) await project.write(`files${path}`, text, Number.parseInt(mode, 8));
}
