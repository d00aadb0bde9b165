import type { z } from 'zod';
import type { Blueprint } from './blueprint.ts';
import type { Environment } from './environment.ts';

/** A product deployed as a whole; the options are its part of the environment file */
export interface System<Options> {
  name: string;
  options: z.ZodType<Options>;
  /** The secrets that these options need, by name, each with what it is: a missing one is an error that prints this */
  secrets(options: Options): Readonly<Record<string, string>>;
  /** Of secrets that have a form: why a text is not of it, in words that hold nothing of the text */
  secretFlaws?: Readonly<Record<string, (text: string) => SecretFlaw | undefined>>;
  blueprint(options: Options, environment: Environment): Blueprint;
}

/** What is wrong with a secret's text, without any of it */
export interface SecretFlaw {
  message: string;
  fix?: string;
}
