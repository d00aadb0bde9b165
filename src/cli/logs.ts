import { Command, InvalidArgumentError } from 'commander';
import { sinceOf } from './logs/since.ts';

interface Options {
  role?: string;
  service?: string;
  machine?: string;
  since?: Date;
  lines: number;
  follow?: boolean;
}

export const logsCommand = (): Command =>
  new Command('logs')
    .summary('what the services of a system say, of all machines in order of time')
    .description(
      'print the output of the services of a system, of all its machines in order of time; it changes nothing',
    )
    .argument('<stack>', 'the stack, for example preprod')
    .argument('<system>', 'the system, for example mad')
    .option('--role <name>', 'the machines of this role alone')
    .option('--service <name>', 'this service alone')
    .option('--machine <name>', 'this machine alone: mad-api-0, api-0 or the whole name')
    .option('--since <time>', 'from then on: 30s, 15m, 2h, 1d, or a time such as 2026-05-01T08:00Z', read(sinceOf))
    .option('-n, --lines <number>', 'the last lines of each service where no time is given', read(linesOf), 100)
    .option(
      '-f, --follow',
      'go on with what is said from now on, also by the containers of a release that begins meanwhile',
    )
    .addHelpText('after', details)
    .action(logs);

const details = `
A line is the time in UTC, the machine, the service and the text. Secrets of the live release are replaced by [secret].
Times are those of the machines: berth ping shows how far each clock is off. The access log of an nginx edge is a file on
its machine, /var/log/nginx/access.log, and not a part of this; jobs and releases are in the journal: sudo journalctl -t berth.

The exit code is 1 where a machine could not be asked; the others are shown. A machine that is off by its schedule is told
and not counted.

Examples:
  $ berth logs preprod mad --role api --since 15m
  $ berth logs prod lostops --service app --follow`;

async function logs(stack: string, system: string, { role, service, machine, ...bounds }: Options): Promise<void> {
  const { deployedStack } = await import('./run/start.ts');
  const { deployKeyOf } = await import('./ssh/deployKey.ts');
  const { sourcesOf } = await import('./logs/sources.ts');
  const { printLogs } = await import('./logs/print.ts');
  const { systems, blueprints, engine } = await deployedStack(stack);
  const sources = sourcesOf(systems, blueprints, { system, role, service, machine });
  const asked = await printLogs(sources, await deployKeyOf(engine), system, bounds);
  if (!asked) process.exitCode = 1;
}

function linesOf(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 100_000) throw new Error('a whole number up to 100000');
  return number;
}

/** Tells a wrong value with what is allowed */
function read<Value>(parse: (text: string) => Value): (text: string) => Value {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError(`allowed: ${error instanceof Error ? error.message : error}`);
    }
  };
}
