import type { Balancer, Role } from '../../model/blueprint.ts';
import { isPublic } from '../../model/inCluster.ts';
import { redirectRoutes, siteRoutes } from './gateway.ts';
import { redirectIngresses, siteIngress } from './ingress.ts';
import type { ClusterInput } from './input.ts';
import type { Item } from './manifest.ts';
import { balanced, siteOf } from './site.ts';

/** Returns what leads a role's public names to its pods: Ingresses, or routes of the cluster's gateway */
export function edgeItems(input: ClusterInput, role: string, { edge, services }: Role): readonly Item[] {
  if (!isPublic(edge)) return [];
  const site = siteOf(role, edge, services);
  return input.settings.gateway
    ? [...siteRoutes(input, role, site), ...redirectRoutes(input, role, edge)]
    : [...siteIngress(input, role, site), ...redirectIngresses(input, role, edge)];
}

/** Returns the same in the place of a balancer */
export const balancerItems = (input: ClusterInput, balancer: Balancer): readonly Item[] =>
  (input.settings.gateway ? siteRoutes : siteIngress)(input, balancer.name, balanced(balancer));
