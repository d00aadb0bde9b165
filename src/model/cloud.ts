import type { z } from 'zod';
import type { Blueprint, BucketApi } from './blueprint.ts';
import type { Environment } from './environment.ts';
import type { Credentials } from './login.ts';
import type { Problem } from './problem.ts';

/** What a cloud can do, as far as an environment file can ask for it */
export interface Capabilities {
  /** An example of a region's name; absent where there are no regions */
  region?: string;
  /** What such a name looks like, where that can be said. @default any name */
  regionForm?: RegExp;
  /** Takes over an address that was reserved by hand */
  adoptsAddresses: boolean;
  /** Shows ports of a machine on this computer */
  publishesPorts: boolean;
  bucketApis: readonly BucketApi[];
  /** Makes machines; otherwise an environment file names those that exist */
  makesMachines: boolean;
  /** Makes networks in the environment's range (`berth:network`) */
  makesNetworks: boolean;
  /** Its machines stand on this computer: nobody else reaches them, their names are in no DNS, they have an authority of their own */
  onThisComputer: boolean;
  /** Starts and stops machines by the clock */
  schedules: boolean;
  /** Has a cache of its own; otherwise a role stands in its place */
  caches: boolean;
  /** Has a balancer of its own; otherwise a role stands in its place */
  balancers: boolean;
  /** Its sizes of machines, where they are ours to name; elsewhere the cloud itself knows */
  sizes?: Readonly<Record<string, { memoryMb: number; cpus: number }>>;
}

/** A cloud's pure face: all that can be said of it without Pulumi, an account or a network */
export interface CloudFace {
  /** As an environment file writes it (`cloud: …`), and the key of its settings */
  name: string;
  capabilities: Capabilities;
  /** What it must know that is not a system's own, under `berth:clouds` by its name. @default nothing */
  settings?: z.ZodType;
  /** What its set-up on this computer writes, never a person, under `berth:<name>`. @default nothing */
  prepared?: { schema: z.ZodType; missing: Pick<Problem, 'message' | 'fix'> };
  /** What a system asks of it that it would refuse, or that would fail later */
  problems(blueprint: Blueprint, environment: Environment): readonly Problem[];
  /** The secrets that a system needs on it beyond its own, by name, each with what it is. @default none */
  secrets?(blueprint: Blueprint, environment: Environment): Readonly<Record<string, string>>;
  /** What its providers need to log in, by provider; none where machines alone are logged in to */
  logins: Readonly<Record<string, Credentials>>;
  /** The network that machines stand on, for people, as far as the file says it. @default none is named */
  network?(environment: Environment): string;
  /** What runs in the place of images, and of which repositories nothing does, each with the reason. @default images run as they are */
  standIns?(environment: Environment): StandIns;
  /** Hours that it keeps of machines which another cloud adopts. @default none */
  adoptedHours?: AdoptedHours;
  words: Words;
}

export interface StandIns {
  /** By image reference */
  images: Readonly<Record<string, string>>;
  /** By repository */
  without: Readonly<Record<string, string>>;
}

/** A service of the cloud in which machines stand that were made by others, and that starts and stops them */
export interface AdoptedHours {
  /** The key of a host's block that says where the machine stands there */
  key: string;
  /** Completes "a machine of …" */
  place: string;
  /** Whether it keeps hours of this system */
  usedBy(blueprint: Blueprint): boolean;
  /** Of hours that it can't keep */
  problems(blueprint: Blueprint): readonly Problem[];
}

/** What people are told of a cloud */
export interface Words {
  /** An example of a setting of its provider's own, as a stack's file has it. @default its provider has none that is needed */
  providerSetting?: string;
  /** Examples of sizes of its machines. @default none */
  sizes?: readonly string[];
}

/** The clouds that a system may run on, by name */
export type Clouds = Readonly<Record<string, CloudFace>>;

/** The names of the clouds that can do something, as a text lists them */
export const namesWhere = (clouds: Clouds, can: (capabilities: Capabilities) => boolean, joiner = ' and '): string =>
  Object.values(clouds)
    .filter(({ capabilities }) => can(capabilities))
    .map(({ name }) => name)
    .join(joiner);
