import { Kube } from '@ovhcloud/pulumi-ovh/cloudproject/kube.js';
import { KubeNodePool } from '@ovhcloud/pulumi-ovh/cloudproject/kubeNodePool.js';
import { Provider } from '@ovhcloud/pulumi-ovh/provider.js';
import * as pulumi from '@pulumi/pulumi';
import type { Environment } from '../../model/environment.ts';
import { limitedName } from '../../model/names.ts';
import type { ManagedCluster } from './managedSettings.ts';

const made = new WeakMap<Environment, pulumi.Output<string>>();

/**
 * Declares the managed cluster of a stack, which all of its systems share
 * @returns its kubeconfig, a secret, known once it has nodes
 */
export function managedKubeconfig(environment: Environment, wanted: ManagedCluster): pulumi.Output<string> {
  const kubeconfig = made.get(environment) ?? declared(environment, wanted);
  made.set(environment, kubeconfig);
  return kubeconfig;
}

function declared({ name }: Environment, { project, region, version, nodes }: ManagedCluster): pulumi.Output<string> {
  const provider = new Provider('cluster-ovh', { endpoint: 'ovh-eu' });
  const cluster = new Kube(
    'cluster',
    {
      ...{ serviceName: project, region, name: limitedName(['berth', name], { length: 63 }) },
      ...(version !== undefined && { version }),
    },
    // Its systems, and what they keep, go with it
    { provider, protect: true, additionalSecretOutputs: ['kubeconfig', 'kubeconfigAttributes'] },
  );
  const autoscale = nodes.max > nodes.min;
  const pool = new KubeNodePool(
    'cluster-nodes',
    {
      ...{ serviceName: project, kubeId: cluster.id, name: 'nodes', flavorName: nodes.flavor },
      ...{ autoscale, minNodes: nodes.min, maxNodes: nodes.max, desiredNodes: nodes.min },
    },
    // With autoscaling, how many there are now is the cluster's own matter
    { provider, parent: cluster, ...(autoscale && { ignoreChanges: ['desiredNodes'] }) },
  );
  // A cluster without nodes starts no pod
  return pulumi.secret(pulumi.all([cluster.kubeconfig, pool.id]).apply(([text]) => text));
}
