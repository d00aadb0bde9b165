import { secretPath } from '../../config/secrets.ts';
import { stackName } from '../../pulumi/stackName.ts';

/** What is there already */
export interface Found {
  stackExists: boolean;
  /** What the stack's file says of the encryption of its secrets; nothing in a file that has never had one */
  fileProvider: string | undefined;
}

/** What a person chose */
export interface Answers {
  /** As `pulumi stack init --secrets-provider` takes it */
  secretsProvider: string;
  /** By name; what is not among them stays missing */
  secrets: ReadonlyMap<string, string>;
}

/** One run of the engine */
export interface Step {
  /** What it has done, for people */
  done: string;
  args: readonly string[];
  /** What it reads: the only place of a secret */
  input: string;
}

/**
 * Sees that a choice agrees with what is there.
 * @throws with both, and how to change what is there
 */
export function checkAgreement(stack: string, secretsProvider: string, found: Found): void {
  const change = `pulumi stack change-secrets-provider '${secretsProvider}' --stack ${stack}`;
  const file = `Pulumi.${stackName(stack)}.yaml`;
  if (found.fileProvider !== undefined && found.fileProvider !== secretsProvider) {
    throw new Error(
      `${file} has its secrets encrypted by ${found.fileProvider}, not by ${secretsProvider}: leave --secrets-provider ` +
        `out, or change it by ${change}`,
    );
  }
  if (found.stackExists && found.fileProvider === undefined) {
    throw new Error(
      `stack ${stack} exists in the backend, but ${file} doesn't say what its secrets are encrypted by: take the file ` +
        `of whoever made the stack (it has encryptionsalt or secretsprovider), or encrypt anew by ${change}`,
    );
  }
}

/** What makes a stack ready: the stack itself where it is not there, then a run for each secret */
export const planOf = (
  stack: string,
  { secretsProvider, secrets }: Answers,
  { stackExists }: Found,
): readonly Step[] => [...(stackExists ? [] : [making(stack, secretsProvider)]), ...[...secrets].map(setting)];

const making = (stack: string, secretsProvider: string): Step => ({
  done: `stack ${stack} made, its secrets encrypted by ${providerText(secretsProvider)}`,
  args: ['stack', 'init', '--no-select', '--secrets-provider', secretsProvider],
  input: '',
});

const setting = ([name, value]: readonly [string, string]): Step => ({
  done: `secret ${name} set`,
  args: ['config', 'set', '--secret', '--path', secretPath(name)],
  input: value,
});

export const providerText = (provider: string): string => (provider === 'passphrase' ? 'a passphrase' : provider);
