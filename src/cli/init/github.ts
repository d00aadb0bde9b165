import type { Needed } from '../../clouds/credentials.ts';
import type { LoginVariable } from '../../model/login.ts';

/** A variable or a secret of a GitHub environment */
export interface Setting {
  name: string;
  what: string;
  secret: boolean;
}

/** Returns the variables and secrets of the GitHub environment of a stack */
export function githubSettings(
  { backend, secretsProvider }: { backend: string; secretsProvider: string },
  needed: readonly Needed[],
): readonly Setting[] {
  const clouds = needed.flatMap(({ credentials, systems }) => {
    const way = credentials.ways.find(({ name }) => name === credentials.onGithub) ?? credentials.ways[0];
    const variables = [...credentials.always, ...way.variables].filter(({ setByWorkflow }) => !setByWorkflow);
    return variables.map((variable) => setting(variable, systems));
  });
  return [
    { name: 'PULUMI_BACKEND_URL', what: backend, secret: false },
    ...(secretsProvider === 'passphrase'
      ? [{ name: 'PULUMI_CONFIG_PASSPHRASE', what: 'the passphrase', secret: true }]
      : []),
    ...withoutRepeats([...clouds, ...backendLogin(backend)]),
  ];
}

const setting = ({ name, what, from, secret = false }: LoginVariable, systems: string): Setting => ({
  name,
  what: `${what}, for ${systems} (${from})`,
  secret,
});

/** Returns the settings for access to the state; for an AWS bucket, the workflow's role is enough */
export function backendLogin(backend: string): readonly Setting[] {
  if (backend.startsWith('azblob:')) {
    return [
      {
        name: 'AZURE_STORAGE_KEY',
        what: 'a key of the storage account, which gives access to the state',
        secret: true,
      },
    ];
  }
  if (!backend.startsWith('s3:')) return [];
  if (!backend.includes('endpoint='))
    return [{ name: 'AWS_ROLE_ARN', what: 'a role with access to the state', secret: false }];
  return [
    { name: 'AWS_ACCESS_KEY_ID', what: "the object storage user's access key, which opens the state", secret: true },
    { name: 'AWS_SECRET_ACCESS_KEY', what: "the object storage user's secret key", secret: true },
  ];
}

const withoutRepeats = (settings: readonly Setting[]): readonly Setting[] =>
  settings.filter(({ name }, index) => settings.findIndex((other) => other.name === name) === index);
