import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { adoptCommand } from './adopt.ts';
import { alertsCommand } from './alerts.ts';
import { backupCommand } from './backup.ts';
import { backupsCommand } from './backups.ts';
import { chaosCommand } from './chaos.ts';
import { compareCommand } from './compare.ts';
import { completionCommand } from './completion.ts';
import { costCommand } from './cost.ts';
import { deployCommand } from './deploy.ts';
import { diagramCommand } from './diagram.ts';
import { diffCommand } from './diff.ts';
import { dispatchCommand } from './dispatch.ts';
import { doctorCommand } from './doctor.ts';
import { driftCommand } from './drift.ts';
import { envCommand } from './env.ts';
import { initCommand } from './init.ts';
import { localCommand } from './local.ts';
import { logsCommand } from './logs.ts';
import { matrixCommand } from './matrix.ts';
import { newCommand } from './new.ts';
import { pinCommand } from './pin.ts';
import { pingCommand } from './ping.ts';
import { policiesCommand } from './policies.ts';
import { preflightCommand } from './preflight.ts';
import { previewCommand } from './preview.ts';
import { renderCommand } from './render.ts';
import { restoreCommand } from './restore.ts';
import { rollbackCommand } from './rollback.ts';
import { runCommand } from './run.ts';
import { scaleCommand } from './scale.ts';
import { secretsCommand } from './secrets.ts';
import { setVersionCommand } from './setVersion.ts';
import { sqlCommand } from './sql.ts';
import { sshCommand } from './ssh.ts';
import { statusCommand } from './status.ts';
import { updateCommand } from './update.ts';

/**
 * Runs `berth` and sets the process's exit code: 0; 1 for an error or an unhealthy stack (one message on stderr, no
 * stack trace); 2 for wrong usage. `berth ssh` and `berth run` exit with the code of the remote command.
 */
export async function main(argv: readonly string[]): Promise<void> {
  // The reader of the output may close it early, as `head` does
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
  try {
    await berth().parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else {
      console.error(error instanceof Error ? error.message : String(error));
      process.exitCode = 1;
    }
  }
}

/** The program with every command, as `--help`, completion and the reference of commands read it */
export function berth(): Command {
  const commands = [
    renderCommand(),
    matrixCommand(),
    diagramCommand(),
    policiesCommand(),
    costCommand(),
    preflightCommand(),
    diffCommand(),
    deployCommand(),
    rollbackCommand(),
    compareCommand(),
    driftCommand(),
    statusCommand(),
    pingCommand(),
    alertsCommand(),
    logsCommand(),
    sshCommand(),
    runCommand(),
    secretsCommand(),
    sqlCommand(),
    backupCommand(),
    backupsCommand(),
    restoreCommand(),
    chaosCommand(),
    updateCommand(),
    localCommand(),
    doctorCommand(),
    newCommand(),
    adoptCommand(),
    envCommand(),
    initCommand(),
    previewCommand(),
    setVersionCommand(),
    pinCommand(),
    scaleCommand(),
    dispatchCommand(),
    completionCommand(),
  ];
  const program = new Command('berth')
    .description('Declare a system once, berth it on any cloud.')
    .version(version())
    .enablePositionalOptions()
    .addHelpText('after', details);
  for (const command of [program, ...commands])
    command.exitOverride().showHelpAfterError('add --help for the list of commands');
  for (const command of commands) program.addCommand(command);
  return program;
}

const details = `
Most commands only read what is deployed or would be; \`berth deploy\` and \`pulumi up\` deploy. A stack is an environment: the
file Pulumi.<stack>.yaml next to the nearest Pulumi.yaml.

Example:
  $ berth status preprod`;

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '';
}
