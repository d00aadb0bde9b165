import { Command } from 'commander';

interface Options {
  service?: string;
  machine?: string;
  for?: string;
  really?: boolean;
}

export const chaosCommand = (): Command =>
  new Command('chaos')
    .summary('stop a service or restart a machine, and say what users saw')
    .description('stop a service for a time, or restart a machine, and say what users of the site saw meanwhile')
    .argument('<stack>', 'the stack, for example preprod')
    .argument('<system>', 'the system, for example lostops')
    .option('--service <name>', 'stop this service of the system')
    .option('--machine <name>', 'on this machine (default: the first that has it); without --service, restart it')
    .option('--for <time>', 'how long the service stays stopped, up to 10m (default: 30s)')
    .option('--really', 'also where the stack is production')
    .addHelpText('after', details)
    .action(chaos);

const details = `
Only services that the system declares can be stopped: never SSH, docker, the firewall or the edge. A timer on the machine
starts the service again. It is set before the stop, so it works if this command is interrupted or its connection is lost;
Ctrl-C starts the service immediately. --for counts from the moment the stop begins. After a reboot in the meantime, docker
or supervisor starts the service.

berth does not switch a machine off, because then nobody could promise that it is started again: --machine restarts it. An
adopted machine is not restarted: it may run other programs.

Nothing is stopped while the site has a problem, or while a release or another drill is under way on the machine. Meanwhile
one request every half second goes to the site. The exit code is 0 when everything is back, also where requests failed.

Examples:
  $ berth chaos preprod lostops --service mysql --for 1m
  $ berth chaos preprod mad --service api --machine mad-api-1
  $ berth chaos preprod mad --machine mad-api-1`;

async function chaos(stack: string, system: string, options: Options): Promise<void> {
  const { clouds } = await import('../clouds/registry.ts');
  const { stackName } = await import('../pulumi/stackName.ts');
  const { catchInterrupt } = await import('../process/interrupt.ts');
  const { deployedStack } = await import('./run/start.ts');
  const { firstOn } = await import('./run/having.ts');
  const { deployKeyOf } = await import('./ssh/deployKey.ts');
  const { drillOf, refuseProduction } = await import('./chaos/drill.ts');
  const { restart, stopFor } = await import('./chaos/carryOut.ts');
  const { observed } = await import('./chaos/observed.ts');
  refuseProduction([stackName(stack)], options.really === true);
  const { blueprints, engine, systems, environment } = await deployedStack(stack);
  refuseProduction([environment], options.really === true);
  const drill = drillOf({ system, ...options }, systems, blueprints, clouds);
  const machine = await firstOn(drill.machines, 'nothing was stopped');
  const key = await deployKeyOf(engine);
  catchInterrupt();
  await observed(systems[system], () =>
    drill.kind === 'stop' ? stopFor(machine, key, drill.service, drill.seconds) : restart(machine, key),
  );
}
