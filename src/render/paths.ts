import type { Mount } from '../model/service.ts';
import { shortHash } from './hash.ts';

/** The rules of a machine's own firewall */
export const rulesFile = '/etc/berth/firewall.nft.conf';

/** Where a system keeps what outlives its releases */
export const stateFolder = (system: string): string => `/var/lib/berth/${system}`;

/** Words that run the engine which the live release brought to the machine, as root */
export const engineCommand = (
  system: string,
  command: 'check' | 'update' | 'certificates' | 'retire' | 'bridges' | 'job' | 'run',
): string => `/usr/bin/python3 -I ${stateFolder(system)}/current/engine ${command} ${stateFolder(system)}/current`;

/** What the steps of a job share while it runs */
export const jobScratch = (system: string, job: string): string => `${stateFolder(system)}/jobs/${job}.scratch`;

/** Configuration that the edge and the shippers read */
export const configFolder = (system: string, service: string): string => `/etc/berth/${system}/${service}`;

/** The folder that the edge watches; its routes file also says which colours are live */
export const routesFolder = (system: string): string => `${stateFolder(system)}/edge`;

/** The logs of Debian's nginx for one system, in a folder that Debian's own rotation passes by */
export const nginxLogs = (system: string): string => `/var/log/nginx/berth-${system}`;

/** What services keep: a disk of its own where the role has one */
export const dataFolder = (system: string): string => `${stateFolder(system)}/data`;

/** Where users without rights fetch, build and run commits: the state's folder is root's alone */
export const sourcesFolder = (system: string): string => `/srv/berth/${system}`;

/** The folders of commits, each built once */
export const buildsFolder = (system: string): string => `${sourcesFolder(system)}/builds`;

/** A mount's folder on the host, without its release */
export function mountFolder(system: string, mount: Place): string {
  if (mount.kind === 'host') return mount.source;
  return mount.kind === 'logs' ? `/var/log/berth/${system}/${mount.name}` : `${dataFolder(system)}/${mount.name}`;
}

type Place = Pick<Extract<Mount, { name: string }>, 'kind' | 'name'> | Extract<Mount, { kind: 'host' }>;

/**
 * The loopback port of a service's blue colour, from its name alone, so that other services don't move it; green is the
 * next. What is replaced has the blue one alone.
 */
export const bluePort = (service: string): number => 21_000 + (Number.parseInt(shortHash(service, 6), 16) % 4000) * 2;

/** The variable that holds what is decided on the host for a service, for example `BACKEND_PORT` */
export const variable = (service: string, what: 'COLOUR' | 'PORT' | 'RELEASE'): string =>
  `${service.toUpperCase().replaceAll('-', '_')}_${what}`;
