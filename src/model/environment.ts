import type { ForwardProxy } from './proxy.ts';
import type { SecretName } from './value.ts';

/** An environment file, checked: which systems run, on which cloud, at which version */
export interface Environment {
  /** `local`, `preprod`, `prod`, or a team's own */
  name: string;
  operators: Operators;
  systems: Readonly<Record<string, SystemEntry>>;
  /** CIDR, IPv4: the range of every network that is made here, one for each system; machines have planned places in it */
  network: string;
  /** Who issues certificates to machines that the internet reaches */
  authority: Authority;
  /** Without one, machines reach what is outside by themselves */
  proxy?: ForwardProxy;
  /** What a cloud needs to know that is not a system's own */
  clouds: CloudSettings;
  /** Who reads private images, for every system; their passwords are secrets of `registries` */
  registries?: Registries;
  /** What set-ups have written on this computer; only where a system's cloud has one */
  prepared?: Prepared;
}

/** Let's Encrypt, or its staging authority, which no browser trusts and which has no weekly limits to speak of */
export const authorities = ['letsencrypt', 'letsencrypt-staging'] as const;
export type Authority = (typeof authorities)[number];

/** Who may administer: SSH is open to these networks alone */
export interface Operators {
  /** CIDR, IPv4 */
  networks: readonly string[];
  /** One line each, as in authorized_keys */
  sshPublicKeys: readonly string[];
}

/** Logins by the registry's name, as it stands before the first slash of an image; the password may be a token */
export type Registries = Readonly<Record<string, { user: string; password: SecretName }>>;

export interface SystemEntry {
  /** By name */
  cloud: string;
  /** The cloud's own name of a region */
  region?: string;
  /** A changed edge is started anew in this release; otherwise it stays as it is */
  restartEdge: boolean;
  /** Machines, addresses and what holds data may be removed */
  allowDestroy: boolean;
  /** What machines say to each other may cross a public network unencrypted */
  trustNetwork?: boolean;
  /** Who reads private images, for this system alone */
  registries?: Registries;
  /** Checked by the system's own schema */
  options: unknown;
}

/** What each cloud must know, by its name: its folder adds the key and the type */
// biome-ignore lint/suspicious/noEmptyInterface: every cloud's settings.ts adds its own
export interface CloudSettings {}

/** What the set-up of each cloud on this computer has written, by its name: its folder adds the key and the type */
// biome-ignore lint/suspicious/noEmptyInterface: a cloud with a set-up adds its own
export interface Prepared {}
