import type { Blueprint } from '../../model/blueprint.ts';
import { releaseOrder } from '../../model/order.ts';
import { type Needs, needsOf } from '../../model/value.ts';
import { hoursItems } from './hours.ts';
import { type ClusterInput, item, namespaceOf } from './input.ts';
import { jobItems } from './jobs.ts';
import type { Item } from './manifest.ts';
import { balancerItems, edgeItems } from './names.ts';
import { policyItems } from './policies.ts';
import { registryItems } from './registries.ts';
import { serviceItems } from './services.ts';
import { workloadItems } from './workload.ts';

/** Objects of a system that depend on the same values: what all its roles share, a role, or a balancer */
export interface Part {
  /** Name of the role or the balancer. @default what all share */
  role?: string;
  needs: Needs;
  /** Facts and secrets of the input are those that it needs */
  items(input: ClusterInput): readonly Item[];
}

/**
 * Returns the parts of a system in the order of their delivery: its namespace and who may reach whom, its roles (who is
 * called comes first), and the names of the balancers that the ingress stands in for
 * @param operators networks (CIDR) of the operators
 */
export function partsOf(blueprint: Blueprint, operators: readonly string[]): readonly Part[] {
  const roles = releaseOrder(blueprint).flatMap((name): Part[] => {
    const role = blueprint.roles[name];
    if (!role) return [];
    const items = (input: ClusterInput) => [
      ...serviceItems(input, name, role),
      ...jobItems(input, name, role),
      ...workloadItems(input, name, role),
      ...hoursItems(input, name, role),
      ...edgeItems(input, name, role),
    ];
    return [{ role: name, needs: needsOf([role.services, role.jobs, certificateOf(role)]), items }];
  });
  const balancers = blueprint.balancers.map(
    (balancer): Part => ({
      ...{ role: balancer.name, needs: needsOf(certificateOf(balancer.inItsPlace)) },
      items: (input) => balancerItems(input, balancer),
    }),
  );
  const shared: Part = {
    needs: needsOf(undefined),
    items: (input) => [namespaceItem(input), ...policyItems(input, operators), ...registryItems(input)],
  };
  return [shared, ...roles, ...balancers];
}

/** Only certificates of its own are given to an ingress: it asks an authority by its own settings */
const certificateOf = ({ edge }: Pick<Blueprint['roles'][string], 'edge'>): unknown =>
  edge?.tls.kind === 'files' ? edge.tls : undefined;

/** Annotation of a namespace with the environment that it belongs to */
export const environmentAnnotation = 'berth/environment';

/** The namespace refuses pods that Pod Security's level `restricted` refuses */
function namespaceItem(input: ClusterInput): Item {
  const { blueprint, environment } = input;
  const name = namespaceOf(blueprint.system, environment);
  const annotations = { [environmentAnnotation]: environment };
  const { manifest } = item(input, 'Namespace', name, {}, { annotations });
  const { namespace: _, labels, ...metadata } = manifest.metadata;
  const security = Object.fromEntries(
    ['enforce', 'warn', 'audit'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted']),
  );
  return { key: 'namespace', manifest: { ...manifest, metadata: { ...metadata, labels: { ...labels, ...security } } } };
}
