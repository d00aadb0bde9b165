import type { z } from 'zod';
import type { Declaration } from './blueprint.ts';
import type { Environment } from './environment.ts';
import type { SecretForms } from './secretForm.ts';

/**
 * A product that is deployed as a whole: the default export of `systems/<name>/system.ts`. Its options are its part of
 * the environment file (`berth:systems.<name>`), beside the options of every system (`cloud`, `region`, …).
 */
export interface System<Options> {
  /** Name of the system; the same as its folder */
  name: string;
  options: z.ZodType<Options>;
  /** All roles by name, including those that exist only on some clouds */
  roles: Readonly<Record<string, RolePlan>>;
  /** Options that select the code version, such as `version`; a rollback restores their former values */
  pins: readonly string[];
  /** Descriptions of the secrets that these options need, by name; the error about a missing secret prints them */
  secrets(options: Options): Readonly<Record<string, string>>;
  /**
   * Checks of secrets that have a required form, by name. A message may contain nothing of the secret. @default any
   * text is valid
   */
  secretFlaws?: Readonly<Record<string, (text: string) => SecretFlaw | undefined>>;
  /**
   * Forms of secrets that `berth local` makes up once, by name
   * @default a password of letters and digits
   */
  secretForms?: SecretForms;
  /**
   * Images that local machines run where production images are unavailable. @default none: images are pulled, or built
   * by hand
   */
  standIns?: readonly StandInImage[];
  /** Git repositories that local machines build from. @default none: machines fetch from where the options say */
  standInRepositories?: readonly StandInRepository[];
  /**
   * Options for local machines, which `berth local` writes to Pulumi.local.yaml where that lacks the system
   * @default the defaults of its options
   */
  local?: Readonly<Record<string, unknown>>;
  /** Returns the system's roles, rules and resources for one environment */
  blueprint(options: Options, environment: Environment): Declaration;
}

/** Returns its argument and infers the type of its options: `export default defineSystem({ name: 'shop', … })` */
export const defineSystem = <Options>(system: System<Options>): System<Options> => system;

export interface RolePlan {
  /**
   * Address block on a private network, 0 to 13, unique in the system. It must never change: a role keeps its addresses
   * while others are added or removed.
   */
  slot: number;
  /** Name of the option that configures its machines. @default the role's name */
  option?: string;
}

/** An image that is built for local machines in place of a production image */
export interface StandInImage {
  /** Reference of the production image */
  image: string;
  /**
   * Folder of its Dockerfile, which takes its base image from the build argument BASE; npm packages that a
   * package-lock.json in the folder pins are put beside it as `node_modules`
   */
  folder: string;
  /** Further build arguments. @default none */
  arguments?: Readonly<Record<string, string>>;
  /** Reference of the base image in production. @default plain Debian 13 */
  on?: string;
}

/** A git repository with one commit, from which local machines build processes */
export interface StandInRepository {
  /** URL that a process names, `http://<name>.test/<path>`: it exists for the machines of a stack alone */
  repository: string;
  /** Folder with the content of the commit */
  folder: string;
  /** Tag of the commit */
  tag: string;
}

/** A flaw of a secret; contains nothing of its text */
export interface SecretFlaw {
  message: string;
  fix?: string;
}
