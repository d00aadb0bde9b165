import { Command } from 'commander';

export const sshCommand = (): Command =>
  new Command('ssh')
    .summary('a shell on a machine, or one command')
    .description("a shell on a machine, or one command, with the stack's deploy key and the machine's pinned host key")
    .argument('<stack>', 'the stack, for example preprod')
    .argument('<machine>', 'its name, for example basegun-web-0, or a part that only one has, such as web')
    .argument('[command...]', 'what to run there, as ssh takes it')
    .option('-i, --key <file>', "your own key, instead of the stack's")
    .passThroughOptions()
    .addHelpText('after', details)
    .action(ssh);

const details = `
Options stand before the stack; what follows the machine is the command's. It ends with the command's own exit code.

Examples:
  $ berth ssh local web
  $ berth ssh preprod basegun-web-0 sudo docker ps
  $ berth ssh --key ~/.ssh/id_ed25519 prod web`;

async function ssh(
  stack: string,
  wanted: string,
  command: readonly string[],
  options: { key?: string },
): Promise<void> {
  const { engineStack } = await import('../pulumi/stack.ts');
  const { deployedSystems } = await import('./outputs.ts');
  const { deployKeyOf } = await import('./ssh/deployKey.ts');
  const { findMachine } = await import('./ssh/findMachine.ts');
  const { openSession } = await import('./ssh/session.ts');
  const engine = await engineStack(stack);
  const [systems, deployKey] = await Promise.all([
    deployedSystems(engine),
    options.key === undefined ? deployKeyOf(engine) : undefined,
  ]);
  const { name, machine } = findMachine(systems, wanted);
  const key = options.key === undefined ? { text: deployKey ?? '' } : { file: options.key };
  const words = command[0] === '--' ? command.slice(1) : command;
  process.exitCode = await openSession({ name, ...machine.ssh, key, command: words });
}
