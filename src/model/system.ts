import type { z } from 'zod';
import type { Declaration } from './blueprint.ts';
import type { Environment } from './environment.ts';

/**
 * A product deployed as a whole: `systems/<name>/system.ts` exports one by default. Its options are its part of the
 * environment file (`berth:systems.<name>`), beside those that every system has (cloud, region, …).
 */
export interface System<Options> {
  /** As its folder is called */
  name: string;
  options: z.ZodType<Options>;
  /** Its roles by name, those that only some clouds need included */
  roles: Readonly<Record<string, RolePlan>>;
  /** The options that name its code, such as `version`: put back, they bring the former release back */
  pins: readonly string[];
  /** The secrets that these options need, by name, each with what it is: a missing one is an error that prints this */
  secrets(options: Options): Readonly<Record<string, string>>;
  /** Of secrets that have a form: why a text is not of it, in words that hold nothing of the text. @default any text */
  secretFlaws?: Readonly<Record<string, (text: string) => SecretFlaw | undefined>>;
  /** Images that local machines run where production's can't be had. @default none: each is pulled, or built by a person */
  standIns?: readonly StandInImage[];
  /**
   * Options for local machines: `berth local` writes them into Pulumi.local.yaml where a project has none.
   * @default the defaults of its options
   */
  local?: Readonly<Record<string, unknown>>;
  /** What it is made of, in one environment */
  blueprint(options: Options, environment: Environment): Declaration;
}

/** A system as it is, its options' type found by itself: `export default defineSystem({ name: 'shop', … })` */
export const defineSystem = <Options>(system: System<Options>): System<Options> => system;

export interface RolePlan {
  /**
   * Its own block of addresses on a private network, 0 to 13: two roles of a system have two. It never changes, so that a
   * role more or less moves no machine
   */
  slot: number;
  /** The option that describes its machines. @default the one of the role's name */
  option?: string;
}

/** An image that is built for local machines in the place of production's */
export interface StandInImage {
  /** As production names it */
  image: string;
  /** The folder with its Dockerfile, whose argument BASE is what it stands on */
  folder: string;
  /** Further arguments of its Dockerfile. @default none */
  arguments?: Readonly<Record<string, string>>;
  /** The image that it stands on, as production names it. @default plain Debian 13 */
  on?: string;
}

/** What is wrong with a secret's text, without any of it */
export interface SecretFlaw {
  message: string;
  fix?: string;
}
