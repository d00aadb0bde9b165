import { Command } from 'commander';

interface Options {
  exitCode?: boolean;
}

export const diffCommand = (): Command =>
  new Command('diff')
    .summary('what the next deployment would do on each machine')
    .description('show the steps of the next deployment on each machine, with their reasons; nothing is changed')
    .argument('<stack>', 'the stack, for example preprod')
    .option('--exit-code', 'exit with 1 if a deployment would change a machine')
    .addHelpText('after', details)
    .action(diff);

const details = `
It previews the stack, sends its new bundle to each machine whose release changes, and shows the steps that the release
engine plans there. Of a system in a cluster it shows the objects that change. The bundle is unpacked in a folder that only root can read and that is removed at once; it takes no
lock. Machines whose release does not change are not checked for drift: use \`berth status --check\` for that.

Run it from an operators' network. The exit code is 1 when the preview fails or a machine can't be reached.

Examples:
  $ berth diff preprod
  $ berth diff prod --exit-code`;

async function diff(stack: string, { exitCode }: Options): Promise<void> {
  const { readOffline } = await import('./environment.ts');
  const { currentStack } = await import('./preview/current.ts');
  const { plannedReleases } = await import('./diff/releases.ts');
  const { askMachines } = await import('./diff/ask.ts');
  const { diffText, isAsked, isChanged } = await import('./diff/report.ts');
  const { isInCluster } = await import('./inCluster.ts');
  const { blueprints, environment } = readOffline(stack, 'refused');
  const inCluster = Object.keys(environment.systems).filter((name) => isInCluster(environment, name));
  const on = await currentStack(stack);
  const { releases, clean } = await plannedReleases(on, blueprints, inCluster);
  const machines = await askMachines(on, releases);
  process.stdout.write(clean(diffText(machines)));
  const unasked = machines.filter((machine) => !isAsked(machine));
  if (unasked.length > 0) throw new Error(`${unasked.length} of ${machines.length} machines could not be reached`);
  if (exitCode && machines.some(isChanged)) process.exitCode = 1;
}
