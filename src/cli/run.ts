import { Command } from 'commander';
import { commandWords } from './shell.ts';

interface Options {
  machine?: string;
  key?: string;
}

export const runCommand = (): Command =>
  new Command('run')
    .summary('run a job of a system, or a command beside a service')
    .description('run a job of the live release, or a command in a new container next to a live service')
    .argument('<stack>', 'the stack, for example preprod')
    .argument('<system>', 'the system, for example lostops')
    .argument('<what>', 'a job, or the service whose container runs the command')
    .argument('[command...]', 'the command to run, for a service; put it after --')
    .option('--machine <name>', 'run it on this machine, for example mad-api-1 (default: the first that has it)')
    .option('-i, --key <file>', "use this private key instead of the stack's deploy key")
    .passThroughOptions()
    .addHelpText('after', details)
    .action(run);

const details = `
A job's output is streamed here. The exit code is the job's own, 124 if its deadline ended it, 75 if it is already running.
If the connection is lost, the job continues; its result is in the machine's journal (sudo journalctl -t berth).

A command runs in a new container of the service's image, with its settings, secrets, files and networks. The container
receives no requests and is removed afterwards. For a service without a container, the command runs in the folder of its
build, as the service's user, with its settings and secrets. The command uses your terminal, or standard input if there is
none. The exit code is the command's own. Options come before the stack; everything after the service belongs to the command.

In a cluster, both are a Job, which is removed at its end; a command has no terminal and no input there.

Examples:
  $ berth run prod lostops migrate
  $ berth run prod lostops app -- php artisan tinker
  $ echo 'SELECT 1' | berth run preprod basegun backend -- python manage.py dbshell
  $ berth run prod catalogage server -- venv/bin/python -m alembic current
  $ berth run --machine mad-api-1 prod mad api -- env`;

async function run(
  stack: string,
  system: string,
  what: string,
  command: readonly string[],
  { machine, key }: Options,
): Promise<void> {
  const { deployedStack, runThere } = await import('./run/start.ts');
  const wanted = { system, what, command: commandWords(command), machine };
  process.exitCode = await runThere(await deployedStack(stack), wanted, key);
}
