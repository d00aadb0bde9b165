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
    .summary('what is otherwise than it was deployed')
    .description('what somebody changed past berth: in the cloud and, where asked to, on the machines')
    .argument('<stack>', 'the stack, for example prod')
    .option('--hosts', "look at the machines too, as `berth status --check` does: from an operators' network")
    .option('--deployed', 'look with the commit that was deployed last, in a work tree that is gone afterwards')
    .addOption(reportOption())
    .addHelpText('after', details)
    .action(drift);

const details = `
A commit that is not the deployed one differs by what it brings: --deployed asks the stack's history which one that is,
and needs a clone with all commits. It changes nothing, neither in the
cloud nor in the stack's state, and ends with 1 when something differs or could not be asked. \`pulumi up\` puts it right.

--report github writes it to the step's summary and to one issue a stack, which is opened when something differs, edited
while it does, and closed when it no longer does (GITHUB_TOKEN with the permission issues: write).

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
  const { planned } = await import('./preview/planned.ts');
  const { differs, driftMarkdown } = await import('./drift/report.ts');
  const tell = reporters(report, ['summary', 'issue']);
  const { clean, ...cloud } = await planned(on, ['--refresh', '--expect-no-changes']);
  const machines = hosts ? await (await import('./status/check.ts')).checkHosts(on) : undefined;
  const name = stackName(on.stack);
  const found = { stack: name, cloud, ...(machines && { hosts: machines.differences, off: machines.off }) };
  const markdown = clean(driftMarkdown(found));
  for (const reporter of tell) {
    await reporter.summary(markdown);
    // A failed comparison does not tell whether a difference persists: the issue stays as it is
    if (differs(found)) await reporter.issue(`drift ${name}`, `${name} is not as it was deployed`, markdown);
    else if (cloud.failure === undefined) await reporter.issue(`drift ${name}`, '', undefined);
  }
  if (cloud.failure !== undefined) throw new Error(`the cloud of ${on.stack} could not be compared: see above`);
  if (differs(found)) process.exitCode = 1;
}
