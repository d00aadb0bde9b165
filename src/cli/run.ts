import { Command } from 'commander';

interface Options {
  machine?: string;
  key?: string;
}

export const runCommand = (): Command =>
  new Command('run')
    .summary('run a job of a system, or a command beside a service')
    .description('run a job of the live release, or a command in a container of its own beside a live service')
    .argument('<stack>', 'the stack, for example preprod')
    .argument('<system>', 'the system, for example lostops')
    .argument('<what>', 'a job, or a service of which the command is')
    .argument('[command...]', 'after a service, and best after --: what to run')
    .option('--machine <name>', 'on this machine, for example mad-api-1, instead of the first that has it')
    .option('-i, --key <file>', "your own key, instead of the stack's")
    .passThroughOptions()
    .addHelpText('after', details)
    .action(run);

const details = `
A job says here what it does and ends with its own code, 124 where its deadline ended it, 75 where it runs already. It goes
on where the connection is lost; the machine's journal says how it ended (sudo journalctl -t berth).

A command gets a container of the service's image, with its settings, secrets, files and networks, which nobody else calls
and which is gone afterwards. It has your terminal where there is one, and reads what you pass to it. It ends with the
command's own code. Options stand before the stack; what follows the service is the command's.

Examples:
  $ berth run prod lostops migrate
  $ berth run prod lostops app -- php artisan tinker
  $ echo 'SELECT 1' | berth run preprod basegun backend -- python manage.py dbshell
  $ berth run --machine mad-api-1 prod mad api -- env`;

async function run(
  stack: string,
  system: string,
  what: string,
  command: readonly string[],
  { machine, key }: Options,
): Promise<void> {
  const { deployedStack, runThere } = await import('./run/start.ts');
  const words = command[0] === '--' ? command.slice(1) : command;
  process.exitCode = await runThere(await deployedStack(stack), { system, what, command: words, machine }, key);
}
