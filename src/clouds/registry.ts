import type { Blueprint } from '../model/blueprint.ts';
import type { CloudName } from '../model/environment.ts';
import type { Cloud } from './cloud.ts';

/** Every cloud, loaded when a system uses it, as far as it does: a new one is one line here */
export const clouds: Readonly<Record<CloudName, (blueprint: Blueprint) => Promise<Cloud>>> = {
  azure: async () => (await import('./azure.ts')).azure,
  existing: async (blueprint) => (await import('./existing.ts')).existingFor(blueprint),
  openstack: async () => (await import('./openstack.ts')).openstack,
  aws: async () => (await import('./aws.ts')).aws,
  local: async () => (await import('./local.ts')).local,
};
