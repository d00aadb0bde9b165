import type { ChildProcess } from 'node:child_process';
import { copyFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from '../../src/paths.ts';
import { type Captured, captured } from '../../src/process/captured.ts';
import { unlessItExists, writeProject } from './project.ts';
import { type Run, started, type TestStack } from './stack.ts';

/**
 * Runs the `berth` program on a test stack, in a project folder that has this stack
 * @param input standard input
 */
export async function berthOn(stack: Placed, words: readonly string[], input?: string): Promise<Captured> {
  const { program, args, cwd } = await prepared(stack, words);
  return captured(program, args, { cwd, env: stack.environment, ...(input !== undefined && { input }) });
}

/** The same, under way: it can be sent a signal */
export async function berthStarted(
  stack: Placed,
  words: readonly string[],
): Promise<{ child: ChildProcess; ended: Promise<Run> }> {
  const { program, args, cwd } = await prepared(stack, words);
  return started(program, args, stack.environment, '', cwd);
}

type Placed = Pick<TestStack, 'place' | 'environment'>;

async function prepared({ place }: Placed, words: readonly string[]) {
  const project = join(place.folder, 'project');
  await writeProject(project);
  await copyFile(join(place.folder, 'environment.yaml'), join(project, `Pulumi.${place.stack}.yaml`));
  await symlink(place.folder, join(project, '.berth')).catch(unlessItExists);
  return { program: process.execPath, args: [join(checkout, 'src', 'start', 'berth.js'), ...words], cwd: project };
}
