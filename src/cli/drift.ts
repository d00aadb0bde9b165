import { Command } from 'commander';
import type { EngineStack } from '../pulumi/stack.ts';
import { reportOption } from './github/report.ts';

interface Options {
  deployed?: boolean;
  hosts?: boolean;
  report?: 'github';
}

export const driftCommand = (): Command =>
  new Command('drift')
    .summary('find drift from the deployed state')
    .description('find changes that were made without berth, in the cloud and, with --hosts, on the machines')
    .argument('<stack>', 'the stack, for example prod')
    .option('--hosts', "check the machines too, as `berth status --check` does; needs an operators' network")
    .option('--deployed', 'compare with the last deployed commit, in a temporary work tree')
    .addOption(reportOption())
    .addHelpText('after', details)
    .action(drift);

const details = `
Another commit than the deployed one also differs by its own changes: --deployed takes the deployed commit from the stack's
history, and needs a clone with all commits. Neither the cloud nor the stack's state is changed. The exit code is 1 when
something differs or could not be checked. \`pulumi up\` restores the declared state.

--report github writes it to the step's summary and to one issue per stack, which is opened when there is drift, updated
while it lasts, and closed when it is gone (GITHUB_TOKEN with the permission issues: write).

Examples:
  $ berth drift prod
  $ berth drift prod --deployed --hosts --report github`;

async function drift(stack: string, options: Options): Promise<void> {
  const { engineStack } = await import('../pulumi/stack.ts');
  const on = await engineStack(stack);
  const code = options.deployed ? await asDeployed(on, options) : undefined;
  if (code === undefined) await look(on, options);
  else process.exitCode = code;
}

async function asDeployed(on: EngineStack, { hosts, report }: Options): Promise<number | undefined> {
  const { runAsDeployed } = await import('./drift/deployed.ts');
  return runAsDeployed(on, ['drift', on.stack, ...(hosts ? ['--hosts'] : []), ...(report ? ['--report', report] : [])]);
}

async function look(on: EngineStack, { hosts, report }: Options): Promise<void> {
  const { reporters } = await import('./github/report.ts');
  const { stackName } = await import('../pulumi/stackName.ts');
  const { previewedPlan } = await import('./preview/planned.ts');
  const { differs, driftMarkdown } = await import('./drift/report.ts');
  const tell = reporters(report, ['summary', 'issue']);
  const { clean, ...cloud } = await previewedPlan(on, ['--refresh', '--expect-no-changes']);
  const machines = hosts ? await (await import('./status/check.ts')).checkHosts(on) : undefined;
  const name = stackName(on.stack);
  const found = { stack: name, cloud, ...(machines && { hosts: machines.differences, off: machines.off }) };
  const markdown = clean(driftMarkdown(found));
  for (const reporter of tell) {
    await reporter.summary(markdown);
    // A failed comparison does not tell whether a difference persists: the issue stays as it is
    if (differs(found)) await reporter.issue(`drift ${name}`, `${name} has drifted from its deployed state`, markdown);
    else if (cloud.failure === undefined) await reporter.issue(`drift ${name}`, '', undefined);
  }
  if (cloud.failure !== undefined) throw new Error(`the cloud of ${on.stack} could not be compared: see above`);
  if (differs(found)) process.exitCode = 1;
}
