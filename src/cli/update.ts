import { Command } from 'commander';

interface Options {
  system?: string;
  machine?: string;
  key?: string;
}

export const updateCommand = (): Command =>
  new Command('update')
    .summary("newer versions of the machines' container engine")
    .description(
      "bring security updates of the container engine (Debian's docker.io, containerd, runc) to machines, one after another",
    )
    .argument('<stack>', 'the stack, for example preprod')
    .option('--system <name>', 'the machines of this system alone')
    .option('--machine <name>', 'this machine alone, for example basegun-web-0')
    .option('-i, --key <file>', "your own key, instead of the stack's")
    .addHelpText('after', details)
    .action(update);

const details = `
Between updates these packages are held on every machine, so that nothing changes them under what runs. One machine at a
time, in the order of releases: waits for a release that runs there, installs what Debian has newer of the engine and of nothing else,
starts the engine anew while its containers go on (live-restore), and sees that each that ran runs again and is
healthy. The next machine follows when the system's site is healthy, too. It ends with 1, and leaves the machines that follow
alone, where something does not come back. A machine that is off by its schedule is passed over, and told.

Docker's own packages (docker-ce) on a machine that somebody else made are never touched: they are theirs to update.

Examples:
  $ berth update preprod
  $ berth update prod --machine lostops-database-0`;

async function update(stack: string, { system, machine, key }: Options): Promise<void> {
  const { readOffline } = await import('./environment.ts');
  const { engineStack } = await import('../pulumi/stack.ts');
  const { deployedSystems } = await import('./outputs.ts');
  const { deployKeyOf } = await import('./ssh/deployKey.ts');
  const { machinesOff } = await import('./status/off.ts');
  const { chosenMachines } = await import('./update/order.ts');
  const { updateMachine } = await import('./update/machine.ts');
  const { blueprints } = readOffline(stack);
  const engine = await engineStack(stack);
  const systems = await deployedSystems(engine);
  const chosen = chosenMachines(systems, blueprints, { system, machine });
  const off = await machinesOff(Object.fromEntries(chosen.map(({ name, outputs }) => [name, outputs])));
  const login = key === undefined ? { text: await deployKeyOf(engine) } : { file: key };
  for (const { system: of, name, outputs } of chosen) {
    if (off[name] !== undefined) {
      console.log(`${name}: is ${off[name]}: it was not updated`);
      continue;
    }
    console.log(`${name}:`);
    await updateMachine({ name, outputs, key: login, system: of });
    await siteHealthy(stack, name, of, systems);
  }
}

/** @throws when the site of a machine that was updated does not answer as it should within a minute */
async function siteHealthy(
  stack: string,
  machine: string,
  system: string,
  systems: Readonly<Record<string, import('./outputs.ts').SystemOutputs>>,
): Promise<void> {
  const { reportWithin } = await import('./status/reportWithin.ts');
  const own = systems[system];
  if (!own) return;
  const report = await reportWithin(stack, { [system]: own }, 60);
  const problems = report.systems[system]?.problems ?? [];
  if (report.healthy) return;
  throw new Error(
    `${machine} was updated, and ${system} is not healthy: ${problems.join('; ')}\n` +
      'the machines that follow were left as they are: see berth status, then update again',
  );
}
