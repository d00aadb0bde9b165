import { secretPath } from '../../config/secrets.ts';
import { stackName } from '../../pulumi/stackName.ts';

/** State before the preparation */
export interface StackBefore {
  stackExists: boolean;
  /** Secrets provider in the stack's file; undefined where it has none yet */
  fileProvider: string | undefined;
}

/** A person's choices */
export interface InitAnswers {
  /** Form of `pulumi stack init --secrets-provider` */
  secretsProvider: string;
  /** Secrets by name; others stay missing */
  secrets: ReadonlyMap<string, string>;
}

/** One run of the engine */
export interface EngineRun {
  /** Description of the finished step, for people */
  done: string;
  args: readonly string[];
  /** Standard input: the only place for a secret */
  input: string;
}

/**
 * Checks that a choice matches the existing stack and file
 * @throws with both, and how to change the existing one
 */
export function checkAgreement(stack: string, secretsProvider: string, found: StackBefore): void {
  const change = `pulumi stack change-secrets-provider '${secretsProvider}' --stack ${stack}`;
  const file = `Pulumi.${stackName(stack)}.yaml`;
  if (found.fileProvider !== undefined && found.fileProvider !== secretsProvider) {
    throw new Error(
      `${file} has its secrets encrypted by ${found.fileProvider}, not by ${secretsProvider}: remove --secrets-provider` +
        `, or change the provider with ${change}`,
    );
  }
  if (found.stackExists && found.fileProvider === undefined) {
    throw new Error(
      `stack ${stack} exists in the backend, but ${file} doesn't say what encrypts its secrets: take the file ` +
        `of whoever created the stack (it has encryptionsalt or secretsprovider), or encrypt them again with ${change}`,
    );
  }
}

/** Returns the engine's runs: one that creates the stack where it is missing, then one for each secret */
export const engineRuns = (
  stack: string,
  { secretsProvider, secrets }: InitAnswers,
  { stackExists }: StackBefore,
): readonly EngineRun[] => [...(stackExists ? [] : [making(stack, secretsProvider)]), ...[...secrets].map(setting)];

const making = (stack: string, secretsProvider: string): EngineRun => ({
  done: `stack ${stack} created, its secrets encrypted by ${providerText(secretsProvider)}`,
  args: ['stack', 'init', '--no-select', '--secrets-provider', secretsProvider],
  input: '',
});

const setting = ([name, value]: readonly [string, string]): EngineRun => ({
  done: `secret ${name} set`,
  args: ['config', 'set', '--secret', '--path', secretPath(name)],
  input: value,
});

export const providerText = (provider: string): string => (provider === 'passphrase' ? 'a passphrase' : provider);
