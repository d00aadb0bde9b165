import { Command, Option } from 'commander';
import { stackName } from '../pulumi/stackName.ts';
import { type Older, olderChoices } from './deploy/order.ts';
import type { Ended } from './deploy/run.ts';
import { type Reporter, reportOption } from './github/report.ts';
import { seconds } from './status.ts';

interface Options {
  system?: string;
  wait: number;
  turn: number;
  older: Older;
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
    .option('--turn <seconds>', 'how long it may wait for another deployment of the stack to end', seconds, 1800)
    .addOption(
      new Option('--older <what>', 'what becomes of a commit that is older than what is deployed')
        .choices(olderChoices)
        .default('refuse'),
    )
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

While another deployment of the stack holds its lock, this one waits, for --turn at most, and says for whom. When its turn
has come, git compares its commit with the one that the stack was last deployed from. One that contains it is newer, and
an older one never goes over it: --older refuse ends with 1; skip, for what nobody asked for by hand, ends with 0 where all
that the commit brings is deployed already; deploy goes back.

A local stack is prepared as \`npx berth local\` does. An SSH agent is not asked: the stack's own deploy key logs in.

Examples:
  $ berth deploy preprod
  $ berth deploy prod --system basegun --wait 300
  $ git checkout v1.3.0 && berth deploy prod --older deploy`;

async function deploy(stack: string, { system, wait, turn, older, report }: Options): Promise<void> {
  const { readOffline } = await import('./environment.ts');
  const { environment, blueprints } = readOffline(stack, 'refused');
  const systems = blueprints.map((blueprint) => blueprint.system);
  if (system !== undefined && !systems.includes(system)) {
    throw new Error(`stack ${stack} has no system ${system}: it has ${systems.join(', ')}`);
  }
  const reporter = report === undefined ? undefined : await reporterOf();
  const { deployStack } = await import('./deploy/run.ts');
  const given = { stack, environment, blueprints, system, older, waitSeconds: wait, turnSeconds: turn };
  await tell(stack, await deployStack(given), reporter);
}

async function reporterOf(): Promise<Reporter> {
  const { githubReporter } = await import('./github/report.ts');
  return githubReporter(process.env, ['summary']);
}

async function tell(stack: string, { outcome, seen }: Ended, reporter: Reporter | undefined): Promise<void> {
  const { isWell, outcomeMarkdown, outcomeText } = await import('./deploy/outcome.ts');
  const name = stackName(stack);
  if (isWell(outcome)) console.log(`\n${outcomeText(name, outcome)}`);
  else {
    console.error(`\n${outcomeText(name, outcome)}`);
    process.exitCode = 1;
  }
  await reporter?.summary(outcomeMarkdown(name, outcome, seen));
}
