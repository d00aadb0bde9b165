import { Command } from 'commander';

export const doctorCommand = (): Command =>
  new Command('doctor')
    .summary('what this computer has and lacks for `berth local`')
    .description(
      'print what this computer has of what `berth local` needs, what is missing and what to do; changes nothing',
    )
    .addHelpText('after', details)
    .action(doctor);

const details = `
It looks at Node.js, docker, the engine and its plugin, images, memory, disk, ports and the network, by the checks that
\`berth local\` makes. In a project, those of the systems in Pulumi.local.yaml. It fails if something is missing.

Example:
  $ berth doctor && berth local`;

async function doctor(): Promise<void> {
  const { runMain } = await import('../process/command.ts');
  await runMain(async () => {
    const { diagnosis } = await import('./local/doctor/diagnosis.ts');
    return diagnosis();
  });
}
