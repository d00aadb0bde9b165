import { Command } from 'commander';

export const backupsCommand = (): Command =>
  new Command('backups')
    .summary('the backups of a stack with their age and size')
    .description("list the backups in the repositories of a stack's systems, with their age and size")
    .argument('<stack>', 'the stack, for example preprod')
    .argument('[system]', 'this system alone, for example lostops')
    .addHelpText('after', details)
    .action(backups);

const details = `
The machine that takes the backups is asked, which reads the repository. It ends with 1 where one can't be read.

Examples:
  $ berth backups prod
  $ berth restore prod lostops --at "2026-03-01 14:20:07"`;

async function backups(stack: string, system?: string): Promise<void> {
  const { deployedStack } = await import('./run/start.ts');
  const { backupJobs, backupJobsOf } = await import('./backups/jobs.ts');
  const { ageText, secondsText, sizeText, snapshotsOf } = await import('./backups/snapshots.ts');
  const { table } = await import('./table.ts');
  const deployed = await deployedStack(stack);
  const { blueprints } = deployed;
  const jobs = system === undefined ? backupJobs(blueprints, 'list') : backupJobsOf(blueprints, 'list', system);
  if (jobs.length === 0) throw new Error(`no system of ${stack} has backups`);
  const rows: string[][] = [];
  for (const job of jobs) {
    const found = await snapshotsOf(deployed, job).catch((error: Error) => error);
    if (found instanceof Error) {
      console.error(`${job.system} ${job.name}: ${found.message}`);
      process.exitCode = 1;
    } else if (found.length === 0) rows.push([job.system, job.name, 'none yet']);
    else
      for (const { time, bytes, beforeRestore } of found)
        rows.push([
          ...[job.system, job.name, secondsText(time), ageText(time, new Date()), sizeText(bytes)],
          beforeRestore ? 'before a restore' : '',
        ]);
  }
  process.stdout.write(table(['SYSTEM', 'DATA', 'TAKEN (UTC)', 'AGE', 'SIZE', ''], rows));
}
