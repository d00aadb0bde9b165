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
  /** What the set-up prepared on this computer; only where a system's cloud is `local` */
  local?: LocalSettings;
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
  cloud: CloudName;
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

export interface CloudSettings {
  openstack?: OpenstackSettings;
  azure?: AzureSettings;
  aws?: AwsSettings;
  existing?: ExistingSettings;
}

export interface OpenstackSettings {
  /** The id of the provider's project that everything belongs to */
  project: string;
  /** `public`: machines stand on the provider's own network; `private`: on one of theirs behind a router */
  network: 'public' | 'private';
  /** The Logs Data Platform service in which streams are made */
  logsService?: string;
  /** The zone in which records are made; without one they are printed */
  dnsZone?: string;
}

export interface AzureSettings {
  /** An existing group that everything is made in; without one, each system has its own */
  resourceGroup?: string;
  dnsZone?: string;
  /** The group of the zone. @default resourceGroup */
  dnsZoneGroup?: string;
  /** Where the subscription allows it */
  encryptionAtHost: boolean;
  /** Where the size allows it */
  trustedLaunch: boolean;
}

/** Where an environment says nothing of Azure */
export const azureDefaults: AzureSettings = { encryptionAtHost: false, trustedLaunch: true };

export interface AwsSettings {
  dnsZone?: string;
}

/** What machines that exist already find beside them, by the names that systems give it */
export interface ExistingSettings {
  buckets: Readonly<Record<string, { endpoint: string; region: string; bucket: string }>>;
  /** Without `username` its lines bear a token */
  logStreams: Readonly<
    Record<string, { scheme: 'http' | 'https'; host: string; port: number; username?: string | undefined }>
  >;
  /** `authority` is the PEM of the directory's own authority. @default a public one's */
  acme?: { directory: string; authority?: string | undefined };
}

export type CloudName = 'openstack' | 'azure' | 'aws' | 'existing' | 'local';

/** Written by the set-up into the generated stack file, never by hand */
export interface LocalSettings {
  machineImage: string;
  /** An image that has nftables, from which the cloud's firewall works. @default machineImage */
  firewallImage?: string;
  receivers: { registry: string; objectStore: string; logReceiver: string; acme: string };
  /** A folder of this computer with the registry's data */
  registryData: string;
  /** Production image reference → what runs in its place, by digest */
  images: Readonly<Record<string, string>>;
  /** Repositories of images that nothing stands in for here, with the reason: services of theirs are left out */
  withoutStandIn?: Readonly<Record<string, string>>;
}
