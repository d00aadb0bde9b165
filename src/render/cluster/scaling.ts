import type { Role } from '../../model/blueprint.ts';
import { type ClusterInput, item } from './input.ts';
import { type Item, notAwaited } from './manifest.ts';

/** Returns the most pods that a role has */
export const mostPods = ({ count, scaling }: Pick<Role, 'count' | 'scaling'>): number => scaling?.max ?? count;

/** Seconds for which pods that the load needs no more are kept: load comes in waves */
const calmSeconds = 300;

/** Returns what has the cluster choose the number of a role's pods by the load; none for a role with a number */
export function scalingItems(input: ClusterInput, name: string, { scaling, count }: Role): readonly Item[] {
  if (!scaling) return [];
  const target = { type: 'Utilization', averageUtilization: scaling.cpu };
  const spec = {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
    ...{ minReplicas: count, maxReplicas: scaling.max },
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }],
    behavior: { scaleDown: { stabilizationWindowSeconds: calmSeconds } },
  };
  return [item(input, 'HorizontalPodAutoscaler', name, { spec }, { role: name, annotations: notAwaited })];
}
