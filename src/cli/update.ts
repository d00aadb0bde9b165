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
  const { chosenOff } = await import('./status/off.ts');
  const { chosenMachines } = await import('./update/order.ts');
  const { updateMachine } = await import('./update/machine.ts');
  const { blueprints } = readOffline(stack);
  const engine = await engineStack(stack);
  const systems = await deployedSystems(engine);
  const chosen = chosenMachines(systems, blueprints, { system, machine });
  const off = await chosenOff(chosen);
  const login = key === undefined ? { text: await deployKeyOf(engine) } : { file: key };
  for (const { system: of, name, outputs } of chosen) {
    if (off[name] !== undefined) {
      console.log(`${name}: is ${off[name]}: it was not updated`);
      continue;
    }
    console.log(`${name}:`);
    const code = await updateMachine({ name, outputs, key: login, system: of });
    const site = await siteAfter(stack, of, systems, code === 0 ? wellAgainSeconds : 0);
    const left = 'the machines that follow were left as they are';
    if (code !== 0)
      throw new Error(`${name} was not updated as it should (code ${code}): see above; ${left}\n${site.told}`);
    if (!site.healthy)
      throw new Error(`${name} was updated, and ${site.told}\n${left}: see berth status, then update again`);
  }
}

const wellAgainSeconds = 60;

/** Returns the health of a system's site, once it is healthy or the time is up */
async function siteAfter(
  stack: string,
  system: string,
  systems: Readonly<Record<string, import('./outputs.ts').SystemOutputs>>,
  waitSeconds: number,
): Promise<{ healthy: boolean; told: string }> {
  const { reportWithin } = await import('./status/reportWithin.ts');
  const own = Object.fromEntries(Object.entries(systems).filter(([name]) => name === system));
  const report = await reportWithin(stack, own, waitSeconds);
  const { problems = [], answered } = report.systems[system] ?? {};
  const well = answered ? 'answers as it should' : 'is not asked, as a machine of it is off';
  const told = report.healthy ? `the site of ${system} ${well}` : `${system} is not healthy: ${problems.join('; ')}`;
  return { healthy: report.healthy, told };
}
