import { Command, InvalidArgumentError } from 'commander';
import { seconds } from './status.ts';

interface Options {
  yes?: boolean;
  wait: number;
  turn: number;
  json?: boolean;
}

export const scaleCommand = (): Command =>
  new Command('scale')
    .summary('set the number of machines of a role and deploy it')
    .description('set the number of machines of a role in Pulumi.<stack>.yaml, and deploy its system')
    .argument('<stack>', 'the stack, for example preprod')
    .argument('<role>', 'a role of a system, for example mad/api')
    .argument('<count>', 'the number of machines', machineCount)
    .option('--yes', 'do not ask before the deployment')
    .option('--wait <seconds>', 'how long to wait until everything is healthy', seconds, 120)
    .option('--turn <seconds>', 'how long to wait for another deployment of the stack to end', seconds, 1800)
    .option('--json', 'print what happens as one JSON object a line, all else on standard error')
    .addHelpText('after', details)
    .action(scale);

const details = `
It shows what the deployment would create, change and delete, and asks. Then it writes the number, all else in the file stays
as written, and deploys the system as \`berth deploy --system\` does.

A machine more is released first, and then receives requests. A machine less receives no new ones first: the balancer is
released without it, and its open connections have time to end. Then it is deleted.

Examples:
  $ berth scale preprod mad/api 5
  $ berth scale preprod mad/api 2 --yes`;

async function scale(stack: string, named: string, count: number, { yes, wait, turn, json }: Options): Promise<void> {
  const { join } = await import('node:path');
  const { readFileSync, writeFileSync } = await import('node:fs');
  const { findProject } = await import('../config/file.ts');
  const { stackName } = await import('../pulumi/stackName.ts');
  const { withCount } = await import('./scale/change.ts');
  const { watchFor } = await import('./watch/watch.ts');
  const watch = watchFor(json);
  const name = stackName(stack);
  const source = `Pulumi.${name}.yaml`;
  const file = join(findProject(process.cwd()), source);
  const text = readFileSync(file, 'utf8');
  const [system = '', role = ''] = named.split('/');
  const { text: changed, former, loaded } = withCount(text, { stack: name, source, system, role, count });
  if (former === count) {
    console.log(`${named} has ${machinesText(count)} in ${source} already: npx berth deploy ${name} deploys it`);
    return;
  }
  if (!yes && !(await isWanted({ stack, system, changed, loaded, arrow: `${named}: ${former} → ${count}` }))) {
    console.log('nothing was changed');
    process.exitCode = 1;
    return;
  }
  writeFileSync(file, changed);
  const { deployAndTell } = await import('./deploy.ts');
  await deployAndTell({ stack, system, wait, turn, older: 'refuse' }, watch);
}

interface Wanted {
  stack: string;
  system: string;
  changed: string;
  loaded: import('../config/load.ts').Loaded;
  arrow: string;
}

/** Shows what the deployment would do, and asks the person at the terminal */
async function isWanted({ stack, system, changed, loaded, arrow }: Wanted): Promise<boolean> {
  if (!process.stdin.isTTY) throw new Error('there is no terminal to ask at: add --yes');
  const { stackSourceOf } = await import('./deploy/stackSource.ts');
  const { previewedPlan } = await import('./preview/planned.ts');
  const { targetsOf } = await import('./deploy/up.ts');
  const { planText } = await import('./scale/plan.ts');
  const { createInterface } = await import('node:readline/promises');
  const deployment = await stackSourceOf(stack, loaded.environment);
  try {
    const on = await deployment.ready(changed);
    const { plan, failure, clean } = await previewedPlan(on, targetsOf({ system }));
    if (failure !== undefined) throw new Error(clean(`the preview failed: nothing was changed\n${failure}`));
    console.log(clean(`${arrow}\n${planText(plan)}`));
  } finally {
    await deployment.remove();
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const said = await terminal.question('deploy this? [y/N] ').finally(() => terminal.close());
  return /^y(es)?$/i.test(said.trim());
}

const machinesText = (count: number): string => (count === 1 ? '1 machine' : `${count} machines`);

function machineCount(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('it is a number of machines, such as 5');
}
