import type { Value } from './value.ts';

/** A system resolved for one environment: plain data, no Pulumi */
export interface Blueprint {
  system: string;
  /** The release's name that people read, for example `3.3.0` */
  version: string;
  /** Where users find it */
  url: string;
  /** The path under it that answers with the version that serves */
  probe: { path: string };
  roles: Readonly<Record<string, Role>>;
  rules: readonly Rule[];
  buckets: readonly Bucket[];
  logStreams: readonly LogStream[];
  records: readonly DnsRecord[];
}

/** A group of identical machines */
export interface Role {
  /** Machines, 1 or more */
  count: number;
  /** The cloud's own name of a machine's size, for example `s1-2` */
  size: string;
  diskGb: number;
  /** `reserved` outlives its machine; `adopt` names one that exists already */
  address: { kind: 'public' } | { kind: 'reserved'; adopt?: string };
  edge?: Edge;
  services: readonly Container[];
  /** Local clouds only: ports of the machine that this computer's 127.0.0.1 shows */
  publish: Readonly<Record<number, number>>;
}

/** A long-running container of a role */
export interface Container {
  name: string;
  /** By immutable tag or digest */
  image: string;
  command?: readonly string[];
  env: Readonly<Record<string, Value>>;
  /** The port that it listens on inside its network; none for what nobody calls */
  port?: number;
  /** Services of the same role that it calls by their names */
  calls: readonly string[];
  /** Its folder of configuration, mounted read-only */
  config?: ConfigFolder;
  mounts: readonly Mount[];
  /** `colours` starts the new beside the old; `replace` stops the old first (what can't run twice) */
  rollout: 'colours' | 'replace';
  health?: Health;
  /** Validates the configuration with the image's own program, before anything is changed */
  check?: readonly string[];
  memoryMb: number;
  /** Its weight where the machine's processors don't suffice for all */
  cpus: number;
  /** `uid:gid` inside the container */
  user: string;
  /** The longest request it may finish after it was asked to stop */
  stopSeconds: number;
}

export interface ConfigFolder {
  /** Inside the container */
  path: string;
  /** By name */
  files: Readonly<Record<string, ConfigFile>>;
}

/** A file of templates/ with its values filled in, or an object written as YAML */
export type ConfigFile = { template: string; values: Readonly<Record<string, string>> } | { yaml: unknown };

/** A folder of the host inside a container */
export interface Mount {
  /** `logs`: under /var/log/berth, rotated away after seven days; `data`: under /var/lib/berth, kept; outlive containers */
  kind: 'logs' | 'data';
  /** The folder's name; services that name the same one share it */
  name: string;
  path: string;
  readOnly: boolean;
  /** A folder of its own for each release of the service, under the named one */
  perRelease: boolean;
  /** Who owns the folder on the host, `uid:gid`; given by the one service that writes */
  owner?: string;
}

/** When a service counts as up: its HTTP path answers 2xx, asked by the host on loopback and by docker within */
export interface Health {
  path: string;
  /** What docker runs inside the container */
  command: readonly string[];
  /** How long a new one may take until it answers */
  deadlineSeconds: number;
}

/** The reverse proxy in front of a role's services */
export interface Edge {
  kind: 'traefik';
  image: string;
  domain: string;
  tls: EdgeTls;
  /** Longest prefix wins */
  routes: readonly Route[];
  /** How long requests of the old colour may finish after the switch */
  drainSeconds: number;
}

export type EdgeTls =
  /** Its own certificate; `authority` is the PEM of the directory's own authority, empty for a public one */
  | { kind: 'acme'; email: string; directory: Value; authority: Value; httpsPort: number }
  /** Ended by the provider's gateway: only these networks reach port 80, and forwarded headers are believed from them */
  | { kind: 'upstream'; networks: readonly string[] };

/** Which service answers paths that begin so */
export interface Route {
  prefix: string;
  service: string;
}

/** Who may open a connection to a role, and why */
export interface Rule {
  from: Source;
  to: string;
  port: number;
  protocol: 'tcp' | 'udp';
  why: string;
}

/** `networks` are outside parties by name, for example a provider's gateway */
export type Source = 'internet' | 'operators' | { role: string } | { networks: readonly string[]; name: string };

/** Private object storage; its facts are `buckets.<name>.{endpoint,bucket,region,accessKey,secretKey}` */
export interface Bucket {
  name: string;
  api: 's3' | 'swift';
}

/** Its facts are `logStreams.<name>.{scheme,host,port,username,password,token}` */
export interface LogStream {
  name: string;
}

export interface DnsRecord {
  name: string;
  type: 'A';
  role: string;
  index: number;
}
