import type { Mount } from '../model/service.ts';
import { shortHash } from './hash.ts';

/** File with the nftables rules of the machine */
export const rulesFile = '/etc/berth/firewall.nft.conf';

/** Folder of a system's files that outlive releases */
export const stateFolder = (system: string): string => `/var/lib/berth/${system}`;

/** Command line, for root, that runs the engine of the live release */
export const engineCommand = (
  system: string,
  command: 'check' | 'update' | 'certificates' | 'retire' | 'bridges' | 'job' | 'run' | 'figures' | 'logs' | 'here',
): string => `/usr/bin/python3 -I ${stateFolder(system)}/current/engine ${command} ${stateFolder(system)}/current`;

/** Folder that the steps of a job share while it runs */
export const jobScratch = (system: string, job: string): string => `${stateFolder(system)}/jobs/${job}.scratch`;

/** Configuration folder of a service, the edge or a log shipper */
export const configFolder = (system: string, service: string): string => `/etc/berth/${system}/${service}`;

/** Folder of the edge's routes file, which also records the live colours */
export const routesFolder = (system: string): string => `${stateFolder(system)}/edge`;

/** Folder of nginx's logs for one system; Debian's logrotate pattern does not match it */
export const nginxLogs = (system: string): string => `/var/log/nginx/berth-${system}`;

/** Folder of services' data: the mount point of the role's data disk, where it has one */
export const dataFolder = (system: string): string => `${stateFolder(system)}/data`;

/** Folder in which unprivileged users fetch, build and run commits; the state folder is accessible only to root */
export const sourcesFolder = (system: string): string => `/srv/berth/${system}`;

/** Folder of the builds, one subfolder for each */
export const buildsFolder = (system: string): string => `${sourcesFolder(system)}/builds`;

/** Returns a mount's folder on the host, without the subfolder of a release */
export function mountFolder(system: string, mount: MountSource): string {
  if (mount.kind === 'host') return mount.source;
  return mount.kind === 'logs' ? `/var/log/berth/${system}/${mount.name}` : `${dataFolder(system)}/${mount.name}`;
}

type MountSource = Pick<Extract<Mount, { name: string }>, 'kind' | 'name'> | Extract<Mount, { kind: 'host' }>;

/**
 * Returns the loopback port of a service's blue colour, derived from its name alone so that other services do not
 * change it. Green uses the next port. `replace` services use only the blue one.
 */
export const bluePort = (service: string): number => 21_000 + (Number.parseInt(shortHash(service, 6), 16) % 4000) * 2;

/** Name of the variable by which the host passes a value of a service to compose, for example `BACKEND_PORT` */
export const variable = (service: string, what: 'COLOUR' | 'PORT' | 'RELEASE'): string =>
  `${service.toUpperCase().replaceAll('-', '_')}_${what}`;
