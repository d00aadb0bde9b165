import { Command } from 'commander';
import type { Outcome } from './deploy/release.ts';
import { type Reporter, reportOption } from './github/report.ts';
import { stackName } from './stackName.ts';
import type { StatusReport } from './status/report.ts';
import { seconds } from './status.ts';

interface Options {
  system?: string;
  wait: number;
  report?: string;
}

export const deployCommand = (): Command =>
  new Command('deploy')
    .summary('bring a stack to what its file says, or back')
    .description(
      'bring a stack to what its file says; when that fails, put back the versions that were deployed before',
    )
    .argument('<stack>', 'the stack, for example preprod')
    .option('--system <name>', 'this system alone: the others stay as they are')
    .option('--wait <seconds>', 'how long it may take to become healthy', seconds, 120)
    .addOption(reportOption())
    .addHelpText('after', details)
    .action(deploy);

const details = `
It runs \`pulumi up\`, which previews first: what protection, policy or the file refuses is refused whole, before anything
is changed. Then it asks as \`berth status --wait\` does: the version that answers must be the declared one. When
either fails, the versions that the stack's outputs named before are deployed again with this same checkout, and it ends
with 1. The stack's file is left as it is: change it before the next deployment. Nothing is put back where nothing was
deployed before, where the versions are the same, or where a system whose new version migrates data has changed: then
the page is named that says how to go on.

A local stack is prepared as \`npm run local\` does. An SSH agent is not asked: the stack's own deploy key logs in.

Examples:
  $ berth deploy preprod
  $ berth deploy prod --system basegun --wait 300`;

async function deploy(stack: string, { system, wait, report }: Options): Promise<void> {
  const { readOffline } = await import('./environment.ts');
  const { declaredIn } = await import('./deploy/plan.ts');
  const { environment, blueprints } = readOffline(stack, 'refused');
  const declared = declaredIn(environment, blueprints);
  if (system !== undefined && !(system in declared)) {
    throw new Error(`stack ${stack} has no system ${system}: it has ${Object.keys(declared).join(', ')}`);
  }
  const reporter = report === undefined ? undefined : await reporterOf();

  const { catchInterrupt } = await import('../../tools/lib/interrupt.ts');
  const { groundOf } = await import('./deploy/ground.ts');
  const { formerSystems } = await import('./outputs.ts');
  const { oneSystem, wholeStack } = await import('./deploy/scope.ts');
  const { refuseMachinesOff } = await import('./deploy/machinesOff.ts');
  const { engineSteps } = await import('./deploy/steps.ts');
  const { release } = await import('./deploy/release.ts');
  catchInterrupt();
  const ground = await groundOf(stack, environment);
  try {
    const former = await formerSystems(await ground.ready(ground.text));
    const given = { text: ground.text, environment, declared, former };
    await refuseMachinesOff(former, declared, system);
    const { text, plan } = system === undefined ? wholeStack(given) : oneSystem(system, given);
    const steps = engineSteps({ ground, waitSeconds: wait, ...(system !== undefined && { system }) });
    await tell(stack, await release(text, plan, steps), steps.seen(), reporter);
  } finally {
    await ground.remove();
  }
}

async function reporterOf(): Promise<Reporter> {
  const { githubReporter } = await import('./github/report.ts');
  return githubReporter(process.env, ['summary']);
}

async function tell(
  stack: string,
  outcome: Outcome,
  seen: StatusReport | undefined,
  reporter: Reporter | undefined,
): Promise<void> {
  const { outcomeMarkdown, outcomeText } = await import('./deploy/outcome.ts');
  const name = stackName(stack);
  if (outcome.kind === 'deployed') console.log(`\n${outcomeText(name, outcome)}`);
  else {
    console.error(`\n${outcomeText(name, outcome)}`);
    process.exitCode = 1;
  }
  await reporter?.summary(outcomeMarkdown(name, outcome, seen));
}
