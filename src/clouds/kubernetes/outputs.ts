import * as pulumi from '@pulumi/pulumi';
import type { Blueprint } from '../../model/blueprint.ts';
import { machineFact } from '../../model/names.ts';
import type { Made } from './declare.ts';

/** Status of an Ingress whose controller publishes its address */
interface Published {
  loadBalancer?: { ingress?: readonly { ip?: string; hostname?: string }[] };
}

/** Returns the addresses of a system's public names: those at which the ingress says that it serves them */
export function addressOf(
  { roles, balancers }: Blueprint,
  made: readonly Made[],
): Record<string, pulumi.Output<string>> {
  const of = (key: string): pulumi.Output<string> => {
    const found = made.find(({ item }) => item.manifest.kind === 'Ingress' && item.key === key)?.resource;
    const { status } = (found ?? {}) as { status?: pulumi.Output<Published | undefined> };
    return pulumi.output(status).apply((known) => {
      const [first] = known?.loadBalancer?.ingress ?? [];
      return first?.ip ?? first?.hostname ?? '';
    });
  };
  return Object.fromEntries([
    ...Object.keys(roles).map((role) => [machineFact(role, 0, 'publicAddress'), of(role)]),
    ...balancers.map(({ name }) => [`balancers.${name}.address`, of(name)]),
  ]);
}

/** Returns what commands and people need to find a system in its cluster */
export const described = ({ roles }: Blueprint, namespace: string, made: readonly Made[]): Record<string, unknown> => ({
  namespace,
  workloads: Object.fromEntries(
    made.flatMap(({ item: { role = '', manifest }, settled }) => {
      if (!['Deployment', 'StatefulSet'].includes(manifest.kind)) return [];
      const { kind, metadata } = manifest;
      // Known once its pods run
      return [[role, { kind, name: pulumi.output(settled).apply(() => metadata.name), ...podsOf(roles[role]) }]];
    }),
  ),
});

/** The number of a role's pods, and the most of them where the cluster chooses */
const podsOf = (role: Blueprint['roles'][string] | undefined): { pods: number; mostPods?: number } => ({
  pods: role?.count ?? 0,
  ...(role?.scaling && { mostPods: role.scaling.max }),
});
