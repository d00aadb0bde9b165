import { Command } from 'commander';

interface Options {
  backend?: string;
  secretsProvider?: string;
  secretFile: readonly string[];
}

export const initCommand = (): Command =>
  new Command('init')
    .summary('prepare an environment: its state, its secrets, GitHub')
    .description(
      'create the stack of an environment in its backend, set its missing secrets and list what GitHub needs',
    )
    .argument('<stack>', 'the environment, for example preprod')
    .option('--backend <url>', 'where the state is stored (default: PULUMI_BACKEND_URL, then a prompt)')
    .option('--secrets-provider <provider>', "what encrypts secrets (default: as in the stack's file, then a prompt)")
    .option('--secret-file <name=file>', 'read a secret from a file; may be repeated', collected, [])
    .addHelpText('after', details)
    .action(init);

const details = `
Backends and providers:
  s3://<bucket>?region=<region>
  s3://<container>?region=<region>&endpoint=https://s3.<region>.io.cloud.ovh.net&s3ForcePathStyle=true
  azblob://<container>?storage_account=<account>
  file://<absolute folder>
  passphrase, awskms://alias/<name>?region=<region>, azurekeyvault://<vault>.vault.azure.net/keys/<key>

It prompts for each secret without echo. Without a terminal, give them on standard input as lines <name>=<value>, with the
passphrase as passphrase=<value>. A deploy key that is not given is generated. Secrets are only written, encrypted, to
Pulumi.<stack>.yaml, which belongs in git. Run it again for secrets that are still missing.

Examples:
  $ berth init preprod
  $ berth init prod --backend 's3://states?region=eu-west-3' --secrets-provider 'awskms://alias/berth?region=eu-west-3'
  $ berth init preprod --secret-file lostops/monitoringUsers=users.htpasswd`;

async function init(stack: string, options: Options): Promise<void> {
  const { prepareStack } = await import('./init/prepare.ts');
  try {
    await prepareStack(stack, options);
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') throw new Error('stopped: nothing was changed');
    throw error;
  }
}

const collected = (value: string, all: readonly string[]): readonly string[] => [...all, value];
