import { checkedBackend, checkedProvider } from './backend.ts';
import { givenFiles, givenLines, passphraseName } from './given.ts';
import { hasPassphrase } from './passphrase.ts';

/** Values from options and environment variables */
export interface Given {
  backend?: string;
  secretsProvider?: string;
  secretFile: readonly string[];
  environment: NodeJS.ProcessEnv;
}

/** Whether there is a terminal for questions */
export const interactive = (): boolean => process.stdin.isTTY === true && process.stdout.isTTY === true;

/**
 * Returns the state's backend from the option, the variable, or a question
 * @throws where there is none of them
 */
export async function chosenBackend(stack: string, { backend, environment }: Given): Promise<string> {
  const given = backend ?? (environment.PULUMI_BACKEND_URL || undefined);
  if (given !== undefined) return checkedBackend(given);
  if (!interactive()) throw nobodyToAsk('where the state is stored', '--backend or the variable PULUMI_BACKEND_URL');
  const { askBackend } = await import('./ask.ts');
  return askBackend(stack);
}

/**
 * Returns the secrets provider from the option, the stack's file, the variable, or a question
 * @throws where there is none of them
 */
export async function chosenProvider(
  fileProvider: string | undefined,
  { secretsProvider, environment }: Given,
): Promise<string> {
  const given = secretsProvider ?? fileProvider ?? (environment.PULUMI_SECRETS_PROVIDER || undefined);
  if (given !== undefined) return given === fileProvider ? given : checkedProvider(given);
  if (!interactive()) {
    throw nobodyToAsk('what encrypts its secrets', '--secrets-provider or the variable PULUMI_SECRETS_PROVIDER');
  }
  const { askProvider } = await import('./ask.ts');
  return askProvider();
}

export interface ChosenSecrets {
  /** Absent where the engine has a passphrase already */
  passphrase?: string;
  values: ReadonlyMap<string, string>;
}

export interface SecretQuestions {
  stack: string;
  /** Descriptions by name */
  missing: ReadonlyMap<string, string>;
  provider: string;
  /** Whether the file's secrets are encrypted with a passphrase already */
  sealed: boolean;
  stackExists: boolean;
  /** Names of secrets that are generated unless given */
  made: readonly string[];
}

/**
 * Returns the values of secrets, from files and from lines of standard input or questions on a terminal
 * @throws for an unwanted secret, or where a required passphrase is missing
 */
export async function chosenSecrets(
  wanted: SecretQuestions,
  { secretFile, environment }: Given,
): Promise<ChosenSecrets> {
  const { stack, missing, provider, sealed, stackExists, made } = wanted;
  const values = givenFiles(secretFile, [...missing.keys()]);
  const left = new Map([...missing].filter(([name]) => !values.has(name)));
  const nothingToDo = stackExists && missing.size === 0;
  const needsPassphrase = provider === 'passphrase' && !nothingToDo && !hasPassphrase(environment);
  if (interactive()) {
    const { askPassphrase, askSecrets } = await import('./ask.ts');
    const passphrase = needsPassphrase ? await askPassphrase(stack, !sealed) : undefined;
    const asked = await askSecrets(new Map([...left].filter(([name]) => !made.includes(name))));
    return { values: new Map([...values, ...asked]), ...(passphrase !== undefined && { passphrase }) };
  }
  if (left.size === 0 && !needsPassphrase) return { values };
  const names = [...(needsPassphrase ? [passphraseName] : []), ...left.keys()];
  const lines = new Map(givenLines(await standardInput(), names));
  const passphrase = lines.get(passphraseName);
  lines.delete(passphraseName);
  if (needsPassphrase && passphrase === undefined) {
    const places =
      'PULUMI_CONFIG_PASSPHRASE_FILE, PULUMI_CONFIG_PASSPHRASE, or a line passphrase=<value> on standard input';
    throw nobodyToAsk('the passphrase', places);
  }
  return { values: new Map([...values, ...lines]), ...(passphrase !== undefined && { passphrase }) };
}

/** Returns all of standard input */
export async function standardInput(): Promise<string> {
  let all = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) all += chunk;
  return all;
}

const nobodyToAsk = (what: string, places: string): Error =>
  new Error(`there is no terminal for a prompt: give ${what} by ${places}`);
