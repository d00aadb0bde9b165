import { Command, Option } from 'commander';
import { stackName } from '../pulumi/stackName.ts';
import { type Older, olderChoices } from './deploy/order.ts';
import type { Ended } from './deploy/run.ts';
import { type Reporter, reportOption } from './github/report.ts';
import { seconds } from './status.ts';
import { unknownName } from './unknownName.ts';
import type { Watch } from './watch/watch.ts';

interface Options {
  system?: string;
  role?: string;
  wait: number;
  turn: number;
  older: Older;
  report?: string;
  json?: boolean;
}

export const deployCommand = (): Command =>
  new Command('deploy')
    .summary('deploy a stack; roll back if that fails')
    .description('deploy a stack from its file; when that fails, roll back to the versions that were deployed before')
    .argument('<stack>', 'the stack, for example preprod')
    .option('--system <name>', 'deploy this system only; the others stay unchanged')
    .option('--role <name>', 'with --system: deploy the machines of this role only')
    .option('--wait <seconds>', 'how long to wait until everything is healthy', seconds, 120)
    .option('--turn <seconds>', 'how long to wait for another deployment of the stack to end', seconds, 1800)
    .addOption(
      new Option('--older <what>', 'what to do when this commit is older than the deployed one')
        .choices(olderChoices)
        .default('refuse'),
    )
    .option('--json', 'print what happens as one JSON object a line, all else on standard error')
    .addOption(reportOption())
    .addHelpText('after', details)
    .action(deploy);

const details = `
It runs \`pulumi up\`, which previews first: if protection, a policy or the file refuses any part, nothing is changed. Then
it checks health as \`berth status --wait\` does: each site must answer with the declared version. When either step fails,
it rolls back: the versions in the stack's former outputs are deployed again with this same checkout, and the exit code is
1. The stack's file is left unchanged: correct it before the next deployment. There is no rollback where nothing was
deployed before, where the versions are the same, or where the version of a system with migrations has changed: the error
then names the page that says how to continue.

While another deployment holds the stack's lock, this one waits, at most --turn seconds, and says who holds it. Then git
compares its commit with the one that was last deployed. A commit that contains the deployed one is newer. For an older
one, --older decides: refuse exits with 1; skip, for automatic runs, exits with 0 where everything in the commit is already
deployed; deploy deploys it nevertheless.

With --role, only the machines of one role are deployed: a balancer keeps sending them requests, and nothing else is touched.
Their number, and the versions of other roles, must be the deployed ones.

A local stack is prepared as \`npx berth local\` does. No SSH agent is used: the login is by the stack's own deploy key.

Examples:
  $ berth deploy preprod
  $ berth deploy prod --system basegun --wait 300
  $ berth set-version prod mad/api v1.3.0 && berth deploy prod --system mad --role api
  $ git checkout v1.3.0 && berth deploy prod --older deploy`;

async function deploy(stack: string, options: Options, command: Command): Promise<void> {
  if (options.role !== undefined && options.system === undefined) command.error('error: --role needs --system');
  const { watchFor } = await import('./watch/watch.ts');
  await deployAndTell({ ...options, stack }, watchFor(options.json));
}

/** Deploys a stack or a part of it, tells how it ended, and sets the exit code */
export async function deployAndTell(wanted: Options & { stack: string }, watch: Watch): Promise<void> {
  const { stack, system, role, wait, turn, older, report } = wanted;
  const { readOffline } = await import('./environment.ts');
  const { environment, blueprints, systems: loaded } = readOffline(stack, 'refused');
  const systems = blueprints.map((blueprint) => blueprint.system);
  if (system !== undefined && !systems.includes(system)) throw unknownName(`stack ${stack}`, 'system', system, systems);
  const roles = Object.keys(blueprints.find((blueprint) => blueprint.system === system)?.roles ?? {});
  if (role !== undefined && !roles.includes(role)) throw unknownName(`${system}`, 'role', role, roles);
  if (environment.signers) {
    const { stackLogins } = await import('./pin/logins.ts');
    const { elsewhere, verifySigned } = await import('./pin/resolve.ts');
    const chosen = elsewhere(loaded).filter(({ blueprint }) => system === undefined || blueprint.system === system);
    await verifySigned(chosen, environment, stackLogins(stack, environment));
  }
  const reporter = report === undefined ? undefined : await reporterOf();
  const { deployStack } = await import('./deploy/run.ts');
  const given = { stack, environment, blueprints, system, role, older, waitSeconds: wait, turnSeconds: turn, watch };
  await tell(stack, await deployStack(given), reporter, watch);
}

async function reporterOf(): Promise<Reporter> {
  const { githubReporter } = await import('./github/report.ts');
  return githubReporter(process.env, ['summary']);
}

async function tell(
  stack: string,
  { outcome, seen }: Ended,
  reporter: Reporter | undefined,
  watch: Watch,
): Promise<void> {
  const { hasRun, isWell, nextAfter, outcomeMarkdown, outcomeText } = await import('./deploy/outcome.ts');
  const { failureText, liveIn, tellEnding } = await import('./watch/ending.ts');
  const name = stackName(stack);
  const text = outcomeText(name, outcome);
  const isGood = isWell(outcome);
  if (isGood) console.log(`\n${text}`);
  else {
    console.error(`\n${text}`);
    process.exitCode = 1;
  }
  const failure = watch.failure();
  const ending = { result: outcome.kind, live: seen && liveIn(seen), next: nextAfter(name, outcome, failure) };
  const failed = isGood ? undefined : (failure && failureText(failure)) || text.split('\n')[0];
  // Where nothing was begun, its reason is all there is to say
  if (hasRun(outcome)) tellEnding(watch, { ...ending, failed });
  else watch.result({ ...ending, live: {} });
  await reporter?.summary(outcomeMarkdown(name, outcome, seen));
}
