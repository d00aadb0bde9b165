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
  const sides = [
    { project, program: berthOf(project) },
    { project: findProject(process.cwd()), program: here },
  ];
  const [former, now] = await Promise.all(sides.map((side) => said(side, stack)));
  return now && costChange(former, now);
}

async function said(side: Side, stack: string): Promise<ReturnType<typeof costSaid> | undefined> {
  const { code, stdout } = await run(side, ['cost', stack, '--json']);
  return code === 0 ? costSaid(stdout) : undefined;
}
