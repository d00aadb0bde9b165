import type { z } from 'zod';
import type { Blueprint } from './blueprint.ts';
import type { Environment } from './environment.ts';

/** A product deployed as a whole; the options are its part of the environment file */
export interface System<Options> {
  name: string;
  options: z.ZodType<Options>;
  /** The secrets that these options need, by name, each with what it is: a missing one is an error that prints this */
  secrets(options: Options): Readonly<Record<string, string>>;
  blueprint(options: Options, environment: Environment): Blueprint;
}
