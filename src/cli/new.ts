import { Command, InvalidArgumentError, Option } from 'commander';
import type { NewOptions } from './new/create.ts';

export const newCommand = (): Command =>
  new Command('new')
    .summary('write a system from a Compose file, a Dockerfile, an image or a git repository')
    .description('write systems/<name>/ and its entry in Pulumi.local.yaml from what a product has already')
    .argument('<name>', 'the name of the system, for example shop')
    .addOption(
      new Option('--compose <file>', 'take over the services of a Compose file; of several, each comes over the former')
        .argParser(collected)
        .default([], 'none')
        .conflicts(['git', 'dockerfile']),
    )
    .addOption(new Option('--dockerfile <file>', 'build the application from a Dockerfile').conflicts(['git']))
    .option('--git <url>', 'clone a git repository and take its Compose file or Dockerfile')
    .option('--image <reference>', "the application's image, with a full version or a digest")
    .option('--port <number>', 'the port on which the application answers HTTP', portNumber)
    .option('--health <path>', 'a path that answers 2xx when the application is ready')
    .option('--domain <name>', 'its name on this computer (default: <name>.localhost)')
    .addOption(new Option('--database <kind>', 'a database on a machine of its own').choices(['postgres', 'mysql']))
    .option('--cache', 'a Redis')
    .option('--bucket', 'a bucket of object storage')
    .option('--worker <command>', 'a worker with this command; may be repeated', collected, [])
    .option('--schedule <time=command>', 'a task, such as "*-*-* 03:00=bin/clean"; may be repeated', collected, [])
    .option('--main <service>', 'the service of a Compose file that is the site (default: found)')
    .option('--pin <service=tag>', 'the version of an image whose tag moves; may be repeated', collected, [])
    .option('--without <service>', 'leave out a service of the Compose file; may be repeated', collected, [])
    .addHelpText('after', details)
    .action(create);

const details = `
It asks on a terminal for what no flag says, and prints what it could not take over, with the line and what to do. Where
something may not be left out (docker's socket, a GPU, an image whose tag moves) nothing is written. Secrets of the Compose
file become secrets of the system: their values are written nowhere.

Examples:
  $ berth new blog --compose docker-compose.yml
  $ berth new shop --dockerfile Dockerfile --port 8000 --health /health --database postgres --worker "bin/worker"
  $ berth new wiki --image ghcr.io/acme/wiki:1.4.2 --port 3000 --cache
  $ berth new store --git https://github.com/acme/store.git --pin web=2.4.1`;

async function create(name: string, options: NewOptions): Promise<void> {
  const { createSystem } = await import('./new/create.ts');
  try {
    await createSystem(name, options);
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') throw new Error('stopped: nothing was written');
    throw error;
  }
}

const collected = (value: string, all: readonly string[]): readonly string[] => [...all, value];

function portNumber(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text) && Number(text) < 65_536) return Number(text);
  throw new InvalidArgumentError('it is a port, such as 8000');
}
