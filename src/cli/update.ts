import { Command } from 'commander';

interface Options {
  system?: string;
  machine?: string;
  key?: string;
}

export const updateCommand = (): Command =>
  new Command('update')
    .summary('update the container engine of machines')
    .description(
      "install security updates of the container engine (Debian's docker.io, containerd, runc), one machine after another",
    )
    .argument('<stack>', 'the stack, for example preprod')
    .option('--system <name>', 'only the machines of this system')
    .option('--machine <name>', 'only this machine, for example basegun-web-0')
    .option('-i, --key <file>', "use this private key instead of the stack's deploy key")
    .addHelpText('after', details)
    .action(update);

const details = `
Between updates these packages are held on every machine, so that unattended upgrades do not change them. For each machine,
in release order, it waits for a running release, installs newer versions of the engine's packages only, restarts the
engine while its containers keep running (live-restore), and checks that every container runs and is healthy. It continues
with the next machine once the system's site is healthy too. When something does not recover, it exits with 1 and leaves
the remaining machines unchanged. A machine that is off by its schedule is skipped, with a message.

Docker's own packages (docker-ce) on an adopted machine are never touched: updating them is up to their owner.

Examples:
  $ berth update preprod
  $ berth update prod --machine lostops-database-0`;

async function update(stack: string, { system, machine, key }: Options): Promise<void> {
  const { deployedStack } = await import('./run/start.ts');
  const { deployKeyOf } = await import('./ssh/deployKey.ts');
  const { chosenOff } = await import('./status/off.ts');
  const { chosenMachines } = await import('./update/order.ts');
  const { updateMachine } = await import('./update/machine.ts');
  const { engine, systems, blueprints } = await deployedStack(stack);
  const chosen = chosenMachines(systems, blueprints, { system, machine });
  const off = await chosenOff(chosen);
  const login = key === undefined ? { text: await deployKeyOf(engine) } : { file: key };
  for (const { system: of, name, outputs } of chosen) {
    if (off[name] !== undefined) {
      console.log(`${name}: is ${off[name]}: skipped`);
      continue;
    }
    console.log(`${name}:`);
    const code = await updateMachine({ name, outputs, key: login, system: of });
    const site = await siteAfter(stack, of, systems, code === 0 ? wellAgainSeconds : 0);
    const left = 'the remaining machines were not updated';
    if (code !== 0) throw new Error(`${name} failed to update (code ${code}): see above; ${left}\n${site.told}`);
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
  const well = answered ? 'is healthy' : 'was not checked: a machine of it is off';
  const told = report.healthy ? `the site of ${system} ${well}` : `${system} is not healthy: ${problems.join('; ')}`;
  return { healthy: report.healthy, told };
}
