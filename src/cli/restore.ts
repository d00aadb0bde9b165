import { Command } from 'commander';

interface Options {
  at?: string;
  into?: string;
  over?: boolean;
  really?: string;
  name?: string;
  key?: string;
}

export const restoreCommand = (): Command =>
  new Command('restore')
    .summary('restore a backup beside the live data, or over them')
    .description(
      'restore a backup of a system into a database beside the live one, or over the live one when asked twice',
    )
    .argument('<stack>', 'the stack, for example preprod')
    .argument('<system>', 'the system, for example lostops')
    .option('--at <time>', 'the last backup at this time or before, by UTC (default: the newest)')
    .option('--into <name>', 'the name of the database that is made (default: restored_ and the time of the backup)')
    .option('--over', 'over the live data; asks again, with what would be replaced')
    .option('--really <system>', 'the second time that --over is asked for: the name of the system again')
    .option('--name <data>', 'these data, for example mysql, where the system has several')
    .option('-i, --key <file>', "your own key, instead of the stack's")
    .addHelpText('after', details)
    .action(restore);

const details = `
Each table is counted, and must have the rows that it had when the backup was taken. Beside the live data nothing of them is
touched; a restore that fails leaves nothing.

Over the live data: the application's user is shut out of the database, a backup of the present is taken, the database is
replaced, and the user is let in again when all is counted. Where the backup of the present can't be taken, nothing is
replaced. Where the restore breaks off after that, the user stays shut out, so that nobody works with half of the data: run
it again.

Examples:
  $ berth restore prod lostops
  $ berth restore prod lostops --at "2026-03-01 14:20" --into yesterday
  $ berth restore prod lostops --over
  $ berth restore prod lostops --over --really lostops`;

async function restore(stack: string, system: string, options: Options): Promise<void> {
  const { deployedStack, runThere } = await import('./run/start.ts');
  const { backupJobsOf } = await import('./backups/jobs.ts');
  const { ageText, chosenSnapshot, secondsText, sizeText, snapshotsOf, timeOf } = await import(
    './backups/snapshots.ts'
  );
  refuseContradictions(system, options);
  const { over = false, into, at, name, really } = options;
  const until = at === undefined ? undefined : timeOf(at);
  const deployed = await deployedStack(stack);
  const [list, other] = backupJobsOf(deployed.blueprints, 'list', system, name);
  if (!list || other) throw new Error(`${system} has several data: name one by --name`);
  const [job] = backupJobsOf(deployed.blueprints, over ? 'restoreOver' : 'restore', system, list.name);
  const chosen = chosenSnapshot(await snapshotsOf(deployed, list), until);
  const told = `${secondsText(chosen.time)} UTC (${ageText(chosen.time, new Date())} ago, ${sizeText(chosen.bytes)})`;
  if (over && really === undefined)
    throw new Error(
      `${list.name} of ${system} on ${stack} would be replaced by the backup of ${told}: what was written since then is gone ` +
        `from it, and only in the backup that is taken before. Nothing was done. If that is meant, add --really ${system}`,
    );
  console.log(`restoring the backup of ${told}`);
  const target = into ?? `restored_${chosen.time.toISOString().slice(0, 19).replace(/\D/g, '')}`;
  const parameters = { SNAPSHOT: chosen.id, ...(!over && { INTO: target }) };
  process.exitCode = await runThere(deployed, { system, what: job?.job ?? '', command: [], parameters }, options.key);
}

/** @throws for options that do not go together */
function refuseContradictions(system: string, { over = false, into, really }: Options): void {
  if (over && into !== undefined) throw new Error('--over replaces the live data, --into makes others: ask for one');
  if (into !== undefined && !/^[A-Za-z0-9_]{1,60}$/.test(into))
    throw new Error(`--into ${into}: the name of a database has letters, digits and underscores, 60 at most`);
  if (!over && really !== undefined) throw new Error('--really is the second word of --over');
  if (over && really !== undefined && really !== system) throw new Error(`--really ${really}: the system is ${system}`);
}
