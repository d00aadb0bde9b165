import { Command } from 'commander';

export const localCommand = (): Command =>
  new Command('local')
    .summary('bring the stack "local" up on this machine')
    .description('set up what is missing and deploy the stack "local" on this machine')
    .argument('[systems...]', 'these systems of Pulumi.local.yaml only, beside those that are up (default: all)')
    .option('--down', 'take it down again, with everything it made; of systems that are named, them alone')
    .addHelpText('after', details)
    .action(local);

const details = `
What is missing it sets up first: the engine, docker, images, keys. Where nothing has changed it changes nothing. npm run
local is the same, and installs the packages before it.

Examples:
  $ berth local basegun
  $ berth local
  $ berth local --down`;

async function local(systems: readonly string[], { down = false }: { down?: boolean }): Promise<void> {
  const { runCommand } = await import('../process/command.ts');
  await runCommand(async () => {
    const { bring } = await import('./local/bring.ts');
    return bring(systems, down ? 'down' : 'up');
  });
}
