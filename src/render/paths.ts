import type { Mount } from '../model/blueprint.ts';

/** Where a system keeps what outlives its releases */
export const stateFolder = (system: string): string => `/var/lib/berth/${system}`;

/** Configuration that the edge and the shippers read */
export const configFolder = (system: string, service: string): string => `/etc/berth/${system}/${service}`;

/** The folder that the edge watches; its routes file also says which colours are live */
export const routesFolder = (system: string): string => `${stateFolder(system)}/edge`;

/** A mount's folder on the host, without its release */
export const mountFolder = (system: string, mount: Pick<Mount, 'kind' | 'name'>): string =>
  mount.kind === 'logs' ? `/var/log/berth/${system}/${mount.name}` : `${stateFolder(system)}/data/${mount.name}`;

/** The variable that holds what is decided on the host for a service, for example `BACKEND_PORT` */
export const variable = (service: string, what: 'COLOUR' | 'PORT' | 'RELEASE'): string =>
  `${service.toUpperCase().replaceAll('-', '_')}_${what}`;
