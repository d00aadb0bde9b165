import { Command } from 'commander';

export const localCommand = (): Command =>
  new Command('local')
    .summary('deploy the stack "local" on this computer')
    .description('install what is missing and deploy the stack "local" on this computer')
    .argument(
      '[systems...]',
      'only these systems of Pulumi.local.yaml, in addition to those that already run (default: all)',
    )
    .option('--kubernetes', 'a Kubernetes cluster on this computer (stack "cluster") instead of machines')
    .option('--down', 'destroy the stack and everything that was created for it, or only the named systems')
    .addHelpText('after', details)
    .action(local);

const details = `
It first sets up what is missing: the engine, docker, images, keys. A second run without changes changes nothing.
\`npm run local\` does the same after it has installed the packages.

Examples:
  $ berth local basegun
  $ berth local
  $ berth local --down
  $ berth local --kubernetes`;

interface Options {
  kubernetes?: boolean;
  down?: boolean;
}

async function local(systems: readonly string[], { kubernetes = false, down = false }: Options): Promise<void> {
  const { runMain } = await import('../process/command.ts');
  await runMain(async () => {
    const direction = down ? 'down' : 'up';
    if (kubernetes) {
      const { bringCluster } = await import('./local/cluster.ts');
      return bringCluster(systems, direction);
    }
    const { bring } = await import('./local/bring.ts');
    return bring(systems, direction);
  });
}
