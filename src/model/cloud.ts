import type { z } from 'zod';
import type { Blueprint, BucketApi } from './blueprint.ts';
import type { Environment } from './environment.ts';
import type { Failover } from './failover.ts';
import type { Credentials } from './login.ts';
import type { PriceTable } from './prices.ts';
import type { Problem } from './problem.ts';
import type { TerraformTable } from './terraform.ts';

/** Features of a cloud that an environment file can use */
export interface Capabilities {
  /** An example of a region name; absent where the cloud has no regions */
  region?: string;
  /** Pattern of region names. @default any name */
  regionForm?: RegExp;
  /** Whether a reserved address that exists already can be used */
  adoptsAddresses: boolean;
  /** Whether ports of a machine can be published on this computer */
  publishesPorts: boolean;
  bucketApis: readonly BucketApi[];
  /** Whether it makes machines; otherwise the environment file lists existing ones, or it is a cluster */
  makesMachines: boolean;
  /**
   * Whether its systems are workloads of a cluster, delivered through its API: then it has no machines, neither of its
   * own nor existing ones. @default false
   */
  cluster?: boolean;
  /** Whether it makes networks in the environment's range (`berth:network`) */
  makesNetworks: boolean;
  /**
   * Whether its machines run on this computer: they are reachable only from it, have no public DNS names, and get
   * certificates from a local authority
   */
  onThisComputer: boolean;
  /** Whether it starts and stops machines by the clock */
  schedules: boolean;
  /** Whether it has a cache service; otherwise a role replaces it */
  caches: boolean;
  /** Whether it has a balancer service; otherwise a role replaces it */
  balancers: boolean;
  /** How one address can lead to whichever machine of a role works. @default not at all */
  failover?: Failover;
  /** Machine sizes that berth defines; absent where the cloud defines them */
  sizes?: Readonly<Record<string, { memoryMb: number; cpus: number }>>;
}

/** The part of a cloud that needs no Pulumi, account or network */
export interface CloudFace {
  /** The value of `cloud` in an environment file, and the key of its settings */
  name: string;
  capabilities: Capabilities;
  /** Schema of its settings under `berth:clouds`, by its name. @default no settings */
  settings?: z.ZodType;
  /**
   * Schema of the values under `berth:<name>`, which its set-up on this computer writes, and the problem reported where
   * they are missing. @default none
   */
  prepared?: { schema: z.ZodType; missing: Pick<Problem, 'message' | 'fix'> };
  /** Returns problems of a system that the cloud would refuse or that would fail later */
  problems(blueprint: Blueprint, environment: Environment): readonly Problem[];
  /** Secrets that a system needs in addition on this cloud: descriptions by name. @default none */
  secrets?(blueprint: Blueprint, environment: Environment): Readonly<Record<string, string>>;
  /**
   * Secrets that all systems on this cloud share, in `berth:secrets` under the cloud's name: descriptions by name.
   * @default none
   */
  ownSecrets?(environment: Environment): Readonly<Record<string, string>>;
  /** Credentials by Pulumi provider; empty where only machines are logged in to */
  logins: Readonly<Record<string, Credentials>>;
  /** Text that describes the machines' network, from the environment file. @default no description */
  network?(environment: Environment): string;
  /** How its cluster serves public names and keeps data; only on a cluster. @default no cluster */
  clusterSettings?(environment: Environment): ClusterSettings;
  /** Images that replace others, and repositories whose images cannot run here. @default all images run unchanged */
  standIns?(environment: Environment): StandIns;
  /** List prices. @default none are known */
  prices?: PriceTable;
  /** What is taken over from Terraform. @default nothing */
  terraform?: TerraformTable;
  /** Schedules that this cloud applies to machines which another cloud adopts. @default none */
  adoptedHours?: AdoptedHours;
  words: CloudExamples;
}

/** How a cluster serves public names and keeps data */
export interface ClusterSettings {
  ingressClass: string;
  /** Gateway that serves public names in place of the ingress class, by one of its listeners. @default none */
  gateway?: { name: string; namespace: string; listener: string };
  /** Namespace of the ingress's pods, which alone reach what the internet may reach */
  ingressNamespace: string;
  /** @default the cluster's default class */
  storageClass?: string;
  /** ClusterIssuer of cert-manager that gives certificates */
  issuer?: string;
  /** Certificate resolver of Traefik that gives them */
  certResolver?: string;
  /** Image with kubectl, which scales by the clock */
  kubectlImage: string;
  /** Image with a shell and nc, by which a job waits until it may reach what it calls */
  toolsImage: string;
  /** Seconds that a pod may take to find a node and pull its images, before its services count as started */
  startSeconds: number;
}

export interface StandIns {
  /** Replacement images by image reference */
  images: Readonly<Record<string, string>>;
  /** Reasons why nothing runs, by image repository */
  without: Readonly<Record<string, string>>;
}

/** A service of this cloud that starts and stops adopted machines */
export interface AdoptedHours {
  /** Key in a host's options that identifies the machine in this service */
  key: string;
  /** Completes "a machine of …" */
  place: string;
  /** Whether the service applies schedules of this system */
  usedBy(blueprint: Blueprint): boolean;
  /** Returns problems of schedules that the service cannot apply */
  problems(blueprint: Blueprint): readonly Problem[];
}

/** Examples of a cloud for texts that people read */
export interface CloudExamples {
  /** An example of a setting of its Pulumi provider in a stack file. @default no setting is needed */
  providerSetting?: string;
  /** Examples of machine sizes. @default none */
  sizes?: readonly string[];
}

/** The available clouds by name */
export type Clouds = Readonly<Record<string, CloudFace>>;

/** Whether the environment file lists the cloud's existing machines */
export const adoptsMachines = ({ makesMachines, cluster = false }: Capabilities): boolean => !makesMachines && !cluster;

/** Returns the names of the clouds that have a capability, joined to one text */
export const namesWhere = (clouds: Clouds, can: (capabilities: Capabilities) => boolean, joiner = ' and '): string =>
  Object.values(clouds)
    .filter(({ capabilities }) => can(capabilities))
    .map(({ name }) => name)
    .join(joiner);
