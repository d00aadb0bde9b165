import { Command } from 'commander';
import { reportOption } from './github/report.ts';

export const previewCommand = (): Command =>
  new Command('preview')
    .summary('what `pulumi up` would change, as Markdown')
    .description('show what `pulumi up` would change on a stack, as Markdown for reviewers; nothing is changed')
    .argument('<stack>', 'the stack, for example preprod')
    .option('--before <folder>', 'a checkout before the change: also say what the change does to the cost a month')
    .addOption(reportOption())
    .addHelpText('after', details)
    .action(preview);

const details = `
It prints counts, then the names of replaced and deleted resources, then the engine's diff, folded. Secrets stay [secret].
The exit code is 1 when the preview fails, not when something would change. Only the cloud is queried, no machine.

--report github writes it to the step's summary and to one comment on the pull request that started the workflow; later
runs update that comment (GITHUB_TOKEN with the permission pull-requests: write).

Examples:
  $ berth preview preprod
  $ berth preview prod --before base --report github`;

async function preview(stack: string, { report, before }: { report?: 'github'; before?: string }): Promise<void> {
  const { reporters } = await import('./github/report.ts');
  const { inlineCode } = await import('./github/markdown.ts');
  const { currentStack } = await import('./preview/current.ts');
  const { stackName } = await import('../pulumi/stackName.ts');
  const { previewedPlan } = await import('./preview/planned.ts');
  const { planMarkdown } = await import('./preview/markdown.ts');
  const tell = reporters(report, ['summary', 'comment']);
  const name = stackName(stack);
  const { clean, ...found } = await previewedPlan(await currentStack(stack));
  const { costDifference } = await import('./preview/cost.ts');
  const cost = before === undefined ? undefined : await costDifference(name, before);
  const markdown = clean(planMarkdown({ title: inlineCode(name), ...found, ...(cost !== undefined && { cost }) }));
  for (const reporter of tell) {
    await reporter.summary(markdown);
    await reporter.comment(`preview ${name}`, markdown);
  }
  if (found.failure !== undefined) throw new Error(`the preview of ${stack} failed: see above`);
}
