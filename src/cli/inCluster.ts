import { clouds } from '../clouds/registry.ts';
import type { Environment } from '../model/environment.ts';

/** Whether a system is in a cluster, by the environment file */
export const isInCluster = ({ systems }: Pick<Environment, 'systems'>, system: string): boolean =>
  clouds[systems[system]?.cloud ?? '']?.capabilities.cluster === true;

/** Says why a system has no machine that could be asked, and what asks its pods */
export const noMachines = (system: string, namespace: string): string =>
  `${system} is in a cluster, and has no machines: ask its pods with kubectl --namespace ${namespace}`;
