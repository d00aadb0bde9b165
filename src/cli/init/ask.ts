import { input, password, select } from '@inquirer/prompts';
import { type Backend, backendUrl, checkedBackend, checkedProvider } from './backend.ts';
import { severalLines } from './given.ts';

/** Asks for the state's backend and returns its URL */
export async function askBackend(stack: string): Promise<string> {
  const kind = await select<Backend['kind']>({
    message: `Where is the state of ${stack} to be stored?`,
    choices: [
      { name: 'S3', value: 's3', description: 's3://<bucket>?region=<region>' },
      {
        name: "OpenStack's object storage (Swift), through its S3 API",
        value: 'swift',
        description: 's3://…&endpoint=…',
      },
      { name: 'Azure Blob Storage', value: 'azure', description: 'azblob://<container>?storage_account=<account>' },
      {
        name: 'a folder of this computer: for trials only, nobody else can use it',
        value: 'file',
        description: 'file://…',
      },
    ],
  });
  const url = backendUrl(await detailsOf[kind]());
  console.log(`  ${url}`);
  return checkedBackend(url);
}

const detailsOf: Readonly<Record<Backend['kind'], () => Promise<Backend>>> = {
  s3: async () => ({ kind: 's3', bucket: await word('bucket'), region: await word('region', 'eu-west-3') }),
  swift: async () => {
    const container = await word('container');
    const region = await word('region', 'gra');
    const endpoint = await word('endpoint', `https://s3.${region}.io.cloud.ovh.net`);
    return { kind: 'swift', container, region, endpoint };
  },
  azure: async () => ({ kind: 'azure', container: await word('container'), account: await word('storage account') }),
  file: async () => ({ kind: 'file', folder: await word('absolute folder') }),
};

/** Asks for the provider that encrypts the stack's secrets */
export async function askProvider(): Promise<string> {
  const provider = await select({
    message: 'What is to encrypt its secrets?',
    choices: [
      { name: 'a passphrase', value: 'passphrase', description: 'everybody who deploys needs the passphrase' },
      { name: 'a key of AWS KMS', value: 'awskms', description: 'everybody who deploys needs access to the key' },
      {
        name: 'a key of Azure Key Vault',
        value: 'azurekeyvault',
        description: 'everybody who deploys needs access to the key',
      },
    ],
  });
  if (provider === 'passphrase') return provider;
  const example =
    provider === 'awskms'
      ? 'awskms://alias/berth?region=eu-west-3'
      : 'azurekeyvault://berth.vault.azure.net/keys/berth';
  return input({ message: 'the key', default: example, validate: (text) => mistakeIn(() => checkedProvider(text)) });
}

/**
 * Asks for the passphrase
 * @param chosenNow asks twice, for a new passphrase that nothing can verify yet
 */
export async function askPassphrase(stack: string, chosenNow: boolean): Promise<string> {
  const first = await hidden(`the passphrase of ${stack}`, (value) => value !== '' || 'it is empty');
  if (!chosenNow) return first;
  await hidden('repeat it', (value) => value === first || 'the two differ');
  return first;
}

/** Asks for secrets one by one; those left empty stay missing */
export async function askSecrets(missing: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> {
  const answers = new Map<string, string>();
  for (const [name, what] of missing) {
    const value = await hidden(`${name}: ${what} (empty to skip)`, oneLine);
    if (value !== '') answers.set(name, value);
  }
  return answers;
}

/** Asks for one secret of one line */
export const askSecret = (message: string): Promise<string> => hidden(message, oneLine);

// Only the first line of a pasted key would be read, and the others would answer the next questions
const oneLine = (value: string): true | string => !value.startsWith('-----BEGIN') || severalLines;

/** Asks without any echo, since masking characters would show the length */
const hidden = (message: string, validate: (value: string) => true | string): Promise<string> =>
  password({ message, mask: false, toggleMask: false, validate });

const word = (message: string, proposed?: string): Promise<string> =>
  input({
    message,
    ...(proposed !== undefined && { default: proposed }),
    validate: (text) => /^[^\s?&]+$/.test(text) || 'one word without spaces, ? and &',
  });

function mistakeIn(check: () => unknown): true | string {
  try {
    check();
    return true;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
