import { Command } from 'commander';
import { reportOption } from './github/report.ts';

export const compareCommand = (): Command =>
  new Command('compare')
    .summary('how the files of two checkouts would differ')
    .description(
      'how a change alters the files of each machine, the reachability matrix, the policy findings and what it costs; needs no credentials, ' +
        'engine or network',
    )
    .argument('<folder>', 'a checkout of the project before the change, with its packages')
    .argument('[stacks...]', 'these environments only, for example preprod')
    .addOption(reportOption())
    .addHelpText('after', details)
    .action(compare);

const details = `
For each environment it compares what berth policies, berth matrix, berth cost and berth render say there and here, file by file;
each side is read by its own code, with a minimal environment (PATH and a few others). A checkout inside this folder uses
the packages of this one; anywhere else, run npm ci there first. The exit code is 1 when this checkout can't be read, and
0 when something differs.

--report github writes it to the step's summary. No token is needed, so it also works for pull requests from forks.

Examples:
  $ git worktree add before main && berth compare before
  $ berth compare before prod --report github`;

async function compare(folder: string, stacks: readonly string[], { report }: { report?: 'github' }): Promise<void> {
  const { existsSync } = await import('node:fs');
  const { join, resolve } = await import('node:path');
  const { fileURLToPath } = await import('node:url');
  const { environmentsIn, findProject } = await import('../config/file.ts');
  const { berthOf } = await import('./checkout.ts');
  const { reporters } = await import('./github/report.ts');
  const { compareMarkdown, isReadable } = await import('./compare/markdown.ts');
  const { compared } = await import('./compare/compared.ts');
  const program = fileURLToPath(new URL('../start/berth.js', import.meta.url));
  const head = { project: findProject(process.cwd()), program };
  const project = resolve(folder);
  for (const path of [join(project, 'Pulumi.yaml'), join(project, 'package.json')]) {
    if (!existsSync(path)) throw new Error(`${folder} is no checkout of the project: ${path} is missing`);
  }
  const base = { project, program: berthOf(project) };
  const tell = reporters(report, ['summary']);
  const all = [...new Set([base, head].flatMap(({ project }) => environmentsIn(project)))].sort();
  const unknown = stacks.find((stack) => !all.includes(stack));
  if (unknown !== undefined) throw new Error(`${unknown} has no environment file: there are ${all.join(', ')}`);
  const found = [];
  for (const stack of stacks.length > 0 ? stacks : all) found.push(await compared(stack, { base, head }));
  const markdown = compareMarkdown(found);
  for (const reporter of tell) await reporter.summary(markdown);
  if (!found.every(isReadable)) throw new Error('this checkout could not be read: see above');
}
