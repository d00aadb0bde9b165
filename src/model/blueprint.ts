import { type Edge, sitesOf } from './edge.ts';
import type { Job } from './job.ts';
import type { Pins } from './pins.ts';
import type { Service } from './service.ts';

/** A system resolved for one environment: plain data, no Pulumi */
export interface Blueprint extends Declaration {
  roles: Readonly<Record<string, Role>>;
  /** The options that name its code, as they are set */
  pins: Pins;
  /** Services that this cloud has no image for, and that nothing else names any more */
  leftOut?: readonly LeftOut[];
}

/** What a system says of itself in one environment */
export interface Declaration {
  system: string;
  /** The release's name that people read, for example `3.3.0` */
  version: string;
  /** Where users find it */
  url: string;
  /** The path under it that answers with the version that serves */
  probe: { path: string };
  roles: Readonly<Record<string, DeclaredRole>>;
  rules: readonly Rule[];
  buckets: readonly Bucket[];
  logStreams: readonly LogStream[];
  caches: readonly Cache[];
  balancers: readonly Balancer[];
  records: readonly DnsRecord[];
  /**
   * A new version changes the data that the former one would find: a deployment that fails is then left to a person.
   * `runbook` is the page that says how, from the project's folder
   */
  migrates?: { runbook: string };
}

export interface LeftOut {
  role: string;
  service: string;
  reason: string;
}

/** A group of identical machines, with its place in its system */
export interface Role extends DeclaredRole {
  /** Its block of addresses: `machineOffset` */
  slot: number;
  /** The option that describes its machines */
  option: string;
}

/** A group of identical machines, as its system declares it */
export interface DeclaredRole {
  /** Machines, 1 or more */
  count: number;
  /** The cloud's own name of a machine's size, for example `s1-2`; an adopted machine has the one it has */
  size?: string;
  diskGb: number;
  /** `reserved` outlives its machine; `adopt` names one that exists already */
  address: { kind: 'public' } | { kind: 'reserved'; adopt?: string };
  /** A disk for what its services keep, which outlives the machine; mounted where `data` mounts lie */
  volume?: { sizeGb: number };
  /** When its machines run; without one, always */
  schedule?: Schedule;
  /** Machines that exist already, by number: some clouds make none */
  hosts?: readonly AdoptedHost[];
  edge?: Edge;
  services: readonly Service[];
  /** @default none */
  jobs?: readonly Job[];
  /** Clouds on this computer only: ports of the machine that this computer's 127.0.0.1 shows */
  publish: Readonly<Record<number, number>>;
}

/** Machines start and stop by the clock of a place */
export interface Schedule {
  days: readonly Day[];
  /** `HH:MM` */
  start: string;
  stop: string;
  /** IANA name, for example `Europe/Paris` */
  zone: string;
}

export const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Day = (typeof days)[number];

/** A machine that somebody else made */
export interface AdoptedHost {
  address: string;
  /** By which its peers reach it. @default address */
  privateAddress?: string;
  port: number;
  /** Who logs in: may use sudo without a password */
  user: string;
  /** Public half, one line: pinned by every connection */
  hostKey: string;
  /** By way of which it is reached over SSH; without one, from here */
  proxy?: Bastion;
  /** Ports that others use on it and that stay open, over TCP and UDP */
  keepOpen: readonly number[];
  /** Where it is a machine of a lab, which keeps its hours */
  devTestLab?: DevTestLabMachine;
}

/** A machine that forwards SSH to others, and is nothing else to us */
export interface Bastion {
  address: string;
  /** Where its connections to the machines behind it come from. @default address */
  privateAddress?: string;
  port: number;
  user: string;
  /** Public half, one line: pinned by every connection */
  hostKey: string;
}

/** A machine of a lab of machines, by the lab's own name of it */
export interface DevTestLabMachine {
  /** Of the lab */
  resourceGroup: string;
  lab: string;
  name: string;
}

/** Who may open a connection to a role, a cache or a balancer, and why */
export interface Rule {
  from: Source;
  to: string;
  port: number;
  protocol: 'tcp' | 'udp';
  why: string;
  /** `keepOpen`: other programs of an adopted machine are reached there too, over IPv6 and through docker. @default the system's own */
  kind?: 'keepOpen';
}

/** A balancer calls as a role does; `networks` are outside parties by name, for example a provider's gateway */
export type Source = 'internet' | 'operators' | { role: string } | { networks: readonly string[]; name: string };

/** Private object storage; what is known of it are `BucketFacts` */
export interface Bucket {
  name: string;
  /** The protocols that its users speak, the preferred one first: the cloud gives the first that it has */
  apis: readonly [BucketApi, ...BucketApi[]];
}

export type BucketApi = 's3' | 'swift' | 'blob';

/** Where log lines go; what is known of it are `LogStreamFacts` */
export interface LogStream {
  name: string;
}

/** A Redis that machines share, with `CacheFacts`. A cloud without one gets a role of that name in its place */
export interface Cache {
  name: string;
  /** The secret that is its password, by name; none for applications that know only a host and a port */
  password?: string;
  /** Whether the password before the last change is accepted too. @default false */
  acceptFormerPassword?: boolean;
  /** The role that stands in its place where the cloud has none; its size is the cache's where it has one */
  inItsPlace: DeclaredRole;
}

/** Of every cache */
export const redisPort = 6379;

/**
 * Spreads requests over the machines of a role, with `BalancerFacts`. A cloud without one gets a role of that name in its
 * place.
 */
export interface Balancer {
  name: string;
  domain: string;
  /** The role that answers, and on which port of its machines */
  role: string;
  port: number;
  /** Answers 2xx where a machine may be given requests */
  healthPath: string;
  /** A visitor stays with the machine that answered first */
  sticky: boolean;
  /** The cloud's own name of the certificate; in its place, machines get their own by ACME */
  certificate?: string;
  /** The role that stands in its place where the cloud has none */
  inItsPlace: DeclaredRole;
}

/** A public name of one machine, or of a balancer */
export interface DnsRecord {
  name: string;
  to: { role: string; index: number } | { balancer: string };
}

/** The further names of a system's site: those that answer as its URL does, and those that redirect to it */
export function otherNames({ url, roles }: Pick<Blueprint, 'url' | 'roles'>): {
  alsoAt?: readonly string[];
  redirectFrom?: readonly string[];
} {
  const { hostname } = new URL(url);
  const edges = Object.values(roles).flatMap(({ edge }) => edge ?? []);
  const redirectFrom = edges.flatMap(({ redirects = [] }) => redirects.map(({ from }) => from));
  const alsoAt = edges.filter((edge) => sitesOf(edge)[0] === hostname).flatMap((edge) => sitesOf(edge).slice(1));
  return { ...(alsoAt.length > 0 && { alsoAt }), ...(redirectFrom.length > 0 && { redirectFrom }) };
}
