/** An environment file, checked: which systems run, on which cloud, at which version */
export interface Environment {
  /** `local`, `preprod`, `prod`, or a team's own */
  name: string;
  operators: Operators;
  systems: Readonly<Record<string, SystemEntry>>;
  /** What the set-up prepared on this computer; only where a system's cloud is `local` */
  local?: LocalSettings;
}

/** Who may administer: SSH is open to these networks alone */
export interface Operators {
  /** CIDR, IPv4 */
  networks: readonly string[];
  /** One line each, as in authorized_keys */
  sshPublicKeys: readonly string[];
}

export interface SystemEntry {
  cloud: CloudName;
  /** The cloud's own name of a region */
  region?: string;
  /** A changed edge is started anew in this release; otherwise it stays as it is */
  restartEdge: boolean;
  /** Checked by the system's own schema */
  options: unknown;
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
}
