import type { AdoptedHost } from './adoptedHost.ts';
import type { Edge } from './edge.ts';
import type { Eviction } from './eviction.ts';
import type { Failover } from './failover.ts';
import type { Job } from './job.ts';
import type { Exporter } from './monitoring.ts';
import type { Pins } from './pins.ts';
import type { Rolling } from './rolling.ts';
import type { Scaling } from './scaling.ts';
import type { Service } from './service.ts';

/** A system resolved for one environment: plain data, no Pulumi */
export interface Blueprint extends Declaration {
  roles: Readonly<Record<string, Role>>;
  /** The values of the options that select the code version */
  pins: Pins;
  /** Services and jobs without an image on this cloud; routes and calls to them are removed */
  leftOut?: readonly LeftOut[];
}

/** A system's declaration for one environment */
export interface Declaration {
  system: string;
  /** Version shown to people, for example `3.3.0` */
  version: string;
  /** Public URL of the site */
  url: string;
  /**
   * Path under `url` that returns the running version; with `tellsVersion: false` it tells none, and any answer from 200 to
   * 299 is well
   */
  probe: { path: string; tellsVersion?: boolean };
  roles: Readonly<Record<string, DeclaredRole>>;
  rules: readonly Rule[];
  buckets: readonly Bucket[];
  logStreams: readonly LogStream[];
  caches: readonly Cache[];
  balancers: readonly Balancer[];
  records: readonly DnsRecord[];
  /** Exporters beside its services, which a machine that watches the others reads. @default none */
  exporters?: readonly Exporter[];
  /** Domain of the names of that machine's pages. @default the host name of `url` */
  domain?: string;
  /**
   * Set where a new version changes data that the former version reads. After a failed deployment berth then leaves the
   * way back to a person. `runbook` is the path of the page that describes it, relative to the project's folder.
   */
  migrates?: { runbook: string };
}

export interface LeftOut {
  role: string;
  service: string;
  reason: string;
}

/** A group of identical machines, with its planned addresses */
export interface Role extends DeclaredRole {
  /** Number of its address block, see `machineOffset` */
  slot: number;
  /** Name of the option that configures its machines */
  option: string;
}

/** A group of identical machines, as its system declares it */
export interface DeclaredRole {
  /** Number of machines, 1 or more */
  count: number;
  /** In a cluster, which then has `count` pods or more, by the load. @default `count` pods */
  scaling?: Scaling;
  /** @default one machine after another */
  rolling?: Rolling;
  /**
   * Roles that are released before it, besides those that it calls by a rule, for example because it calls them by their
   * public name. @default none
   */
  after?: readonly string[];
  /** The cloud's name of the machine size, for example `s1-2`; adopted machines have none */
  size?: string;
  diskGb: number;
  /** A `reserved` address outlives its machine; `adopt` names a reserved address that exists already */
  address: { kind: 'public' } | { kind: 'reserved'; adopt?: string };
  /** A disk that holds the services' data and outlives the machine; `data` mounts lie on it */
  volume?: { sizeGb: number };
  /** Hours in which its machines run. @default always */
  schedule?: Schedule;
  /** Existing machines that the role adopts, by index; for clouds that make no machines */
  hosts?: readonly AdoptedHost[];
  /**
   * One address leads to whichever of its machines works; `asked` until the cloud is known, which says how. `of its cache`
   * where it replaces a cloud's cache that was to have a second node, and its machines can't take over from each other. @default each
   * machine has its own
   */
  failover?: 'asked' | 'of its cache' | Failover;
  edge?: Edge;
  services: readonly Service[];
  /** @default none */
  jobs?: readonly Job[];
  /** A certificate of the system's own authority for its services, described by `CertificateFacts`. @default none */
  certificate?: ServerCertificate;
  /** Ports of the machine by the port of 127.0.0.1 that forwards to them; only on clouds that run on this computer */
  publish: Readonly<Record<number, number>>;
}

/**
 * Names of services that the certificate of a role is valid for, for callers on the same machine. It is also valid for
 * the private address of each of the role's machines, by which other machines call them, and for the machine itself
 */
export interface ServerCertificate {
  services: readonly string[];
}

/** Hours at which machines start and stop, in one time zone */
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

/** Permission to open connections to a role, a cache or a balancer, with its reason */
export interface Rule {
  from: Source;
  to: string;
  /** For `vrrp`, its number as a protocol of IP */
  port: number;
  protocol: 'tcp' | 'udp' | 'vrrp';
  why: string;
  /** Whether the server accepts only TLS and its clients check its certificate. @default false */
  encrypted?: boolean;
  /**
   * `keepOpen`: the port belongs to other programs of an adopted machine; it is also open over IPv6 and where docker
   * publishes it. @default a rule of the system itself
   */
  kind?: 'keepOpen';
}

/**
 * Source of connections. A balancer is named as a role; `networks` are named outside parties, for example a provider's
 * gateway.
 */
export type Source = 'internet' | 'operators' | { role: string } | { networks: readonly string[]; name: string };

/** A private object storage bucket; the cloud provides its `BucketFacts` */
export interface Bucket {
  name: string;
  /** Protocols that the application supports, in order of preference; the cloud provides the first one that it has */
  apis: readonly [BucketApi, ...BucketApi[]];
}

export type BucketApi = 's3' | 'swift' | 'blob';

/** A destination for log lines; the cloud provides its `LogStreamFacts` */
export interface LogStream {
  name: string;
}

/** A shared Redis, described by `CacheFacts`. A cloud without a cache service runs a role of this name instead. */
export interface Cache {
  name: string;
  /** Name of the secret that holds its password; absent for applications that support only a host and a port */
  password?: string;
  /** Whether the previous password is accepted as well. @default false */
  acceptFormerPassword?: boolean;
  /** What it removes when its memory is full. @default volatile-lru */
  eviction?: Eviction;
  /** Whether its data outlive a restart. @default false */
  persistent?: boolean;
  /**
   * Whether another one takes over when the first fails: the second node of a cloud's own, or one of three machines.
   * @default false
   */
  failover?: boolean;
  /**
   * Whether the role that replaces it accepts only TLS, with a certificate of the system's own authority; the cloud's own
   * does wherever it has a password. @default false
   */
  tls?: boolean;
  /** Role that replaces it where the cloud has no cache service; its size is also the size of the cloud's cache */
  inItsPlace: DeclaredRole;
}

/** Port of every cache */
export const redisPort = 6379;

/**
 * Distributes requests over the machines of a role, described by `BalancerFacts`. A cloud without a balancer service
 * runs a role of this name instead.
 */
export interface Balancer {
  name: string;
  domain: string;
  /** Role that receives the requests, on `port` of its machines */
  role: string;
  port: number;
  /** Health check path: a machine receives requests while it answers 2xx there */
  healthPath: string;
  /** Whether a visitor's requests always go to the machine that answered the first one */
  sticky: boolean;
  /** The cloud's identifier of the certificate. Unused by the replacing role, which gets its certificate by ACME. */
  certificate?: string;
  /** Role that replaces it where the cloud has no balancer service */
  inItsPlace: DeclaredRole;
}

/** A public DNS name of one machine or of a balancer */
export interface DnsRecord {
  name: string;
  to: { role: string; index: number } | { balancer: string };
}
