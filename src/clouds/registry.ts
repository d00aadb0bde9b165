import type { CloudName } from '../model/environment.ts';
import type { Cloud } from './cloud.ts';

/** Every cloud, loaded when a stack uses it: a new one is one line here */
export const clouds: Readonly<Record<CloudName, () => Promise<Cloud>>> = {
  azure: async () => (await import('./azure.ts')).azure,
  existing: async () => (await import('./existing.ts')).existing,
  openstack: async () => (await import('./openstack.ts')).openstack,
  aws: async () => (await import('./aws.ts')).aws,
  local: async () => (await import('./local.ts')).local,
};
