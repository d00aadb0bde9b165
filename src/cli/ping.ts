import { Command } from 'commander';
import { unknownName } from './unknownName.ts';

export const pingCommand = (): Command =>
  new Command('ping')
    .summary('whether every machine can be logged in to and has room, time, services, release and certificate')
    .description('log in to every machine of a stack at once and show one line for each; it changes nothing')
    .argument('<stack>', 'the stack, for example preprod')
    .option('--system <name>', 'the machines of this system alone')
    .addHelpText('after', details)
    .action(ping);

const details = `
LOGIN covers the address, the pinned host key, the user and sudo. CLOCK is the machine's time against this computer's. DISK
is the fullest of the machine's disks. SERVICES are containers and processes that run and are healthy, of all. CERTIFICATE is
the one that the machine shows for the name of its site.

The exit code is 0 if every machine is well, otherwise 1. A machine that is off by its schedule is shown and not counted.
What differs from the release in detail: berth status <stack> --check.

Example:
  $ berth ping prod --system lostops`;

async function ping(stack: string, { system }: { system?: string }): Promise<void> {
  const { engineStack } = await import('../pulumi/stack.ts');
  const { deployedSystems } = await import('./outputs.ts');
  const { pingMachines } = await import('./ping/machines.ts');
  const { report } = await import('./ping/report.ts');
  const { noMachines } = await import('./inCluster.ts');
  const engine = await engineStack(stack);
  const deployed = Object.entries(await deployedSystems(engine));
  const chosen = deployed.filter(([name]) => system === undefined || name === system);
  if (chosen.length === 0) {
    const names = deployed.map(([name]) => name);
    throw system === undefined
      ? new Error(`stack ${stack} has no system yet`)
      : unknownName(`stack ${stack}`, 'system', system, names);
  }
  const [[name, { cluster }] = ['', {}]] = chosen;
  if (cluster && chosen.every(([, one]) => one.cluster)) throw new Error(noMachines(name, cluster.namespace));
  const { text, well } = report(await pingMachines(engine, Object.fromEntries(chosen)));
  process.stdout.write(text);
  if (!well) process.exitCode = 1;
}
