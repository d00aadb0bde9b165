import { Command } from 'commander';

interface Options {
  set?: string;
  edit?: string;
}

export const secretsCommand = (): Command =>
  new Command('secrets')
    .summary("a stack's secrets: what there is, and a new value")
    .description('list the secrets of a stack without their values, or give one a new value')
    .argument('<stack>', 'the stack, for example preprod')
    .option('--set <name>', 'give this secret a value: from a prompt without echo, or from standard input')
    .option('--edit <name>', 'open the value of this secret in $VISUAL or $EDITOR, from a file in memory')
    .addHelpText('after', details)
    .action(secrets);

const details = `
The list has each secret that the stack needs: what it is for, and since when its value is this one, by the history of
Pulumi.<stack>.yaml in git. MISSING has no value yet, and "nothing reads it" may be removed.

--set and --edit say first what the next deployment does with a new value. They change Pulumi.<stack>.yaml, where it is
encrypted; commit the file, then deploy. A value from standard input is taken as it is, without a line break at its end.

Examples:
  $ berth secrets prod
  $ berth secrets prod --set lostops/mailPassword
  $ berth secrets prod --set catalogage/tlsCertificate < fullchain.pem
  $ berth secrets prod --edit lostops/monitoringUsers`;

async function secrets(stack: string, options: Options, command: Command): Promise<void> {
  if (options.set !== undefined && options.edit !== undefined) command.error('error: give --set or --edit, not both');
  const { readSecrets } = await import('./secrets/read.ts');
  const known = await readSecrets(stack);
  const name = options.set ?? options.edit;
  if (name === undefined) {
    const { listed } = await import('./secrets/listed.ts');
    process.stdout.write(listed(known));
    return;
  }
  const { change } = await import('./secrets/change.ts');
  await change(stack, name, known, options.edit === undefined ? 'asked' : 'edited');
}
