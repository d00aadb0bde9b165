import { Command } from 'commander';

interface Options {
  backend?: string;
  secretsProvider?: string;
  secretFile: readonly string[];
}

export const initCommand = (): Command =>
  new Command('init')
    .summary('prepare an environment: its state, its secrets, GitHub')
    .description('makes the stack of an environment in its backend, sets its missing secrets, says what GitHub needs')
    .argument('<stack>', 'the environment, for example preprod')
    .option('--backend <url>', 'where the state lies; else PULUMI_BACKEND_URL, else it is asked')
    .option('--secrets-provider <provider>', "what encrypts secrets; else the stack's file says it, else it is asked")
    .option('--secret-file <name=file>', 'take a secret from a file; may be repeated', collected, [])
    .addHelpText('after', details)
    .action(init);

const details = `
Backends and providers:
  s3://<bucket>?region=<region>
  s3://<container>?region=<region>&endpoint=https://s3.<region>.io.cloud.ovh.net&s3ForcePathStyle=true
  azblob://<container>?storage_account=<account>
  file://<absolute folder>
  passphrase, awskms://alias/<name>?region=<region>, azurekeyvault://<vault>.vault.azure.net/keys/<key>

Secrets are asked for one by one without echo. Without a terminal they are lines <name>=<value> on standard input, the
passphrase among them as passphrase=<value>. A deploy key that is not given is made. None is written anywhere but
encrypted into Pulumi.<stack>.yaml, which belongs into git. Run it again for what is still missing.

Examples:
  $ berth init preprod
  $ berth init prod --backend 's3://states?region=eu-west-3' --secrets-provider 'awskms://alias/berth?region=eu-west-3'
  $ berth init preprod --secret-file lostops/monitoringUsers=users.htpasswd`;

async function init(stack: string, options: Options): Promise<void> {
  const { prepare } = await import('./init/prepare.ts');
  try {
    await prepare(stack, options);
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') throw new Error('stopped: nothing was changed');
    throw error;
  }
}

const collected = (value: string, all: readonly string[]): readonly string[] => [...all, value];
