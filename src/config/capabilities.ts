import type { BucketApi } from '../model/blueprint.ts';
import type { CloudName } from '../model/environment.ts';

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
  /** Starts and stops machines by the clock */
  schedules: boolean;
  /** Has a cache of its own; otherwise a role stands in its place */
  caches: boolean;
  /** Has a balancer of its own; otherwise a role stands in its place */
  balancers: boolean;
  /** Its sizes of machines, where they are ours to name; elsewhere the cloud itself knows */
  sizes?: Readonly<Record<string, { memoryMb: number; cpus: number }>>;
}

/** The clouds that can be asked for here; one that is absent is not available */
export type Clouds = Readonly<Partial<Record<CloudName, Capabilities>>>;
