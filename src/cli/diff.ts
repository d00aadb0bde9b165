import { Command } from 'commander';

interface Options {
  exitCode?: boolean;
}

export const diffCommand = (): Command =>
  new Command('diff')
    .summary('what the next deployment would do on each machine')
    .description(
      'what the next deployment would do on each machine: services, files and their reasons, in order; nothing is changed',
    )
    .argument('<stack>', 'the stack, for example preprod')
    .option('--exit-code', 'end with 1 where a deployment would do something on a machine')
    .addHelpText('after', details)
    .action(diff);

const details = `
It previews the stack, sends each machine whose release changes the bundle that it would get, and shows the steps that the
release engine plans there. The bundle lies in a folder that only root reads and is removed at once; no release waits for it.
What was changed by hand on a machine whose release stays is not looked at: \`berth status --check\` tells that.

It ends with 1 when the preview fails or a machine could not be asked. From an operators' network.

Examples:
  $ berth diff preprod
  $ berth diff prod --exit-code`;

async function diff(stack: string, { exitCode }: Options): Promise<void> {
  const { readOffline } = await import('./environment.ts');
  const { currentStack } = await import('./preview/current.ts');
  const { plannedReleases } = await import('./diff/releases.ts');
  const { askMachines } = await import('./diff/ask.ts');
  const { diffText, isAsked, isChanged } = await import('./diff/report.ts');
  const { blueprints } = readOffline(stack, 'refused');
  const on = await currentStack(stack);
  const { releases, clean } = await plannedReleases(on, blueprints);
  const machines = await askMachines(on, releases);
  process.stdout.write(clean(diffText(machines)));
  const unasked = machines.filter((machine) => !isAsked(machine));
  if (unasked.length > 0) throw new Error(`${unasked.length} of ${machines.length} machines could not be asked`);
  if (exitCode && machines.some(isChanged)) process.exitCode = 1;
}
