import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Project } from './project.ts';
import type { Work } from './work.ts';

/** Writes the files of a work below `files` of a project, as they lie on the machine, and nothing else */
export async function writeTree(project: Project, { hostFiles, configuration, compose }: Work): Promise<void> {
  const files = [...hostFiles, ...configuration, { path: '/etc/basegun/compose.yaml', mode: '0600', text: compose }];
  await rm(join(project.folder, 'files'), { recursive: true, force: true });
  for (const { path, mode, text } of files) await project.write(`files${path}`, text, Number.parseInt(mode, 8));
}
