import { Command } from 'commander';
import { commandWords } from './shell.ts';

export const sshCommand = (): Command =>
  new Command('ssh')
    .summary('a shell on a machine, or one command')
    .description(
      "open a shell on a machine, or run one command, with the stack's deploy key and the machine's pinned host key",
    )
    .argument('<stack>', 'the stack, for example preprod')
    .argument('<machine>', 'its name, for example basegun-web-0, or an unambiguous part of it, such as web')
    .argument('[command...]', 'the command to run there, as for ssh')
    .option('-i, --key <file>', "use this private key instead of the stack's deploy key")
    .passThroughOptions()
    .addHelpText('after', details)
    .action(ssh);

const details = `
Options come before the stack; everything after the machine belongs to the command. The exit code is the command's own.

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
  process.exitCode = await openSession({ name, ...machine.ssh, key, command: commandWords(command) });
}
