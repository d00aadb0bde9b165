import { copyFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from '../../src/paths.ts';
import { type Captured, captured } from '../../src/process/captured.ts';
import { unlessItExists, writeProject } from './project.ts';
import type { TestStack } from './stack.ts';

/**
 * Runs the `berth` program on a test stack, in a project folder that has this stack
 * @param input standard input
 */
export async function berthOn(
  { place, environment }: TestStack,
  words: readonly string[],
  input?: string,
): Promise<Captured> {
  const project = join(place.folder, 'project');
  await writeProject(project);
  await copyFile(join(place.folder, 'environment.yaml'), join(project, `Pulumi.${place.stack}.yaml`));
  await symlink(place.folder, join(project, '.berth')).catch(unlessItExists);
  return captured(process.execPath, [join(checkout, 'src', 'start', 'berth.js'), ...words], {
    cwd: project,
    env: environment,
    ...(input !== undefined && { input }),
  });
}
