import type { CloudName } from '../model/environment.ts';
import type { Cloud } from './cloud.ts';

/** Every cloud, loaded when a stack uses it: a new one is one line here */
export const clouds: Partial<Record<CloudName, () => Promise<Cloud>>> = {
  local: async () => (await import('./local.ts')).local,
};
