import type { MonitoringOptions } from './monitoring.ts';
import type { ForwardProxy } from './proxy.ts';
import type { SecretName } from './value.ts';

/** A validated environment file: which systems run, on which cloud, at which version */
export interface Environment {
  /** `local`, `preprod`, `prod`, or a team's own */
  name: string;
  operators: Operators;
  systems: Readonly<Record<string, SystemEntry>>;
  /**
   * CIDR, IPv4. Range of the networks that berth makes, one for each system; machines have planned addresses in them.
   */
  network: string;
  /** ACME authority for machines that the internet reaches */
  authority: Authority;
  /** Proxy for outgoing connections of machines. @default direct connections */
  proxy?: ForwardProxy;
  /** Settings of clouds that belong to no single system */
  clouds: CloudSettings;
  /** Logins for private images of all systems; their passwords are secrets of the owner `registries` */
  registries?: Registries;
  /** Digests by image reference; each image runs by its own. @default images run by their tags */
  images?: Readonly<Record<string, string>>;
  /** Public keys (PEM) by image repository, or by a folder of repositories, which ends with a slash. @default none */
  signers?: Readonly<Record<string, string>>;
  /** Values that cloud set-ups have written on this computer; absent where no system's cloud has a set-up */
  prepared?: Prepared;
}

/** Let's Encrypt, or its staging authority, which browsers do not trust and whose rate limits are far higher */
export const authorities = ['letsencrypt', 'letsencrypt-staging'] as const;
export type Authority = (typeof authorities)[number];

/** The operators; SSH is open only to their networks */
export interface Operators {
  /** CIDR, IPv4 */
  networks: readonly string[];
  /** Lines as in authorized_keys */
  sshPublicKeys: readonly string[];
}

/**
 * Logins by registry name, which is the part of an image reference before the first slash; the password may be a token
 */
export type Registries = Readonly<Record<string, { user: string; password: SecretName }>>;

export interface SystemEntry {
  /** Name of the cloud */
  cloud: string;
  /** The cloud's name of a region */
  region?: string;
  /** Whether a changed edge is restarted in this release; otherwise it keeps running unchanged */
  restartEdge: boolean;
  /** Whether machines, addresses and resources that hold data may be deleted */
  allowDestroy: boolean;
  /** Whether traffic between machines may cross a public network unencrypted */
  trustNetwork?: boolean;
  /** The machine that watches the others. @default none */
  monitoring?: MonitoringOptions;
  /** Logins for private images of this system */
  registries?: Registries;
  /** Validated by the system's schema */
  options: unknown;
}

/** Settings of each cloud by its name; each cloud's folder declares its key and type */
// biome-ignore lint/suspicious/noEmptyInterface: every cloud's settings.ts adds its own
export interface CloudSettings {}

/** Values that each cloud's set-up has written, by cloud name; the cloud's folder declares its key and type */
// biome-ignore lint/suspicious/noEmptyInterface: a cloud with a set-up adds its own
export interface Prepared {}
