import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProject } from '../../config/file.ts';
import { berthOf } from '../checkout.ts';
import { run, type Side } from '../compare/side.ts';
import { costChange, costSaid } from '../cost/change.ts';

/**
 * Returns what a change does to a stack's cost, as Markdown. Each side is read by its own code; one that can not say it
 * counts as unknown, since a preview does not depend on it.
 * @param before folder of a checkout before the change
 */
export async function costDifference(stack: string, before: string): Promise<string | undefined> {
  const project = resolve(before);
  const here = fileURLToPath(new URL('../../start/berth.js', import.meta.url));
  const now = await said({ project: findProject(process.cwd()), program: here }, stack);
  if (now === undefined) return undefined;
  return costChange(await said({ project, program: berthOf(project) }, stack), now);
}

async function said(side: Side, stack: string): Promise<ReturnType<typeof costSaid> | undefined> {
  const { code, stdout } = await run(side, ['cost', stack, '--json']);
  return code === 0 ? costSaid(stdout) : undefined;
}
