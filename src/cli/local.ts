import { Command, Option } from 'commander';

export const localCommand = (): Command =>
  new Command('local')
    .summary('deploy the stack "local" on this computer')
    .description('install what is missing and deploy the stack "local" on this computer')
    .argument(
      '[systems...]',
      'only these, in addition to those that already run; added to Pulumi.local.yaml if missing (default: all of the file)',
    )
    .option('--kubernetes', 'a Kubernetes cluster on this computer (stack "cluster") instead of machines')
    .addOption(new Option('--nodes <number>', 'nodes of that cluster').choices(['1', '2']).default('1'))
    .option('--all', 'all systems of the project')
    .addOption(
      new Option(
        '--images <source>',
        'pull images that docker lacks from their registries, before stand-ins are used',
      ).choices(['registry']),
    )
    .option('--logins', 'print the names and passwords of pages, and deploy nothing')
    .option('--json', 'print what happens as one JSON object a line, all else on standard error')
    .option('--down', 'destroy the stack and everything that was created for it, or only the named systems')
    .addHelpText('after', details)
    .action(local);

const details = `
It first sets up what is missing: the engine, docker, images, keys. A second run without changes changes nothing.
\`npm run local\` does the same after it has installed the packages.

Secrets that the systems need here are made up once and kept in .berth/, which git ignores. A port of this computer that
something else uses is replaced by another, which stays.

An image that docker has under its production name is used, such as one that you have just built; then what --images registry
pulled; then what stands in for it.

Examples:
  $ berth local basegun
  $ berth local lostops mad
  $ berth local
  $ berth local --down
  $ berth local --kubernetes`;

interface Options {
  down?: boolean;
  all?: boolean;
  logins?: boolean;
  images?: 'registry';
  kubernetes?: boolean;
  nodes?: '1' | '2';
  json?: boolean;
}

async function local(named: readonly string[], options: Options): Promise<void> {
  const { down = false, all = false, logins, images, kubernetes, nodes, json } = options;
  const direction = down ? 'down' : 'up';
  const { runMain } = await import('../process/command.ts');
  await runMain(async () => {
    if (logins) {
      const { printLogins } = await import('./local/logins.ts');
      return printLogins();
    }
    if (kubernetes) {
      const { bringCluster } = await import('./local/cluster.ts');
      return bringCluster(named, direction, nodes === '2' ? 2 : 1);
    }
    const { bring } = await import('./local/bring.ts');
    const { watchFor } = await import('./watch/watch.ts');
    return bring({ named, all, direction, fromRegistries: images === 'registry', watch: watchFor(json) });
  });
}
