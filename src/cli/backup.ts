import { Command } from 'commander';

interface Options {
  name?: string;
  new?: boolean;
  key?: string;
}

export const backupCommand = (): Command =>
  new Command('backup')
    .summary("take a backup of a system's data now")
    .description("take a backup of a system's data now, beside those that are taken by the clock")
    .argument('<stack>', 'the stack, for example preprod')
    .argument('<system>', 'the system, for example lostops')
    .option('--name <data>', 'these data alone, for example mysql')
    .option('--new', 'begin a new repository where the former one is gone, or go on with one of a former disk')
    .option('-i, --key <file>', "your own key, instead of the stack's")
    .addHelpText('after', details)
    .action(backup);

const details = `
The data are written consistently into the repository that the stack's file names, encrypted; they lie nowhere between. One
that breaks off leaves no backup, and those of before are whole. It ends with 75 where one is under way.

Examples:
  $ berth backup prod lostops
  $ berth backups prod`;

async function backup(stack: string, system: string, { name, new: anew, key }: Options): Promise<void> {
  const { deployedStack, runThere } = await import('./run/start.ts');
  const { backupJobsOf } = await import('./backups/jobs.ts');
  const deployed = await deployedStack(stack);
  for (const { job } of backupJobsOf(deployed.blueprints, 'take', system, name)) {
    const parameters = anew ? { NEW: 'yes' } : {};
    const code = await runThere(deployed, { system, what: job, command: [], parameters }, key);
    if (code !== 0) process.exitCode = code;
  }
}
