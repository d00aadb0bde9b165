import { Provider } from '@pulumi/kubernetes/provider.js';
import * as pulumi from '@pulumi/pulumi';
import type { ClusterCloud, DeliveryRequest } from '../cloud.ts';
import { declare } from './declare.ts';
import { factsOf } from './facts.ts';
import { managedKubeconfig } from './managed.ts';
import { obstacles } from './obstacles.ts';
import { settingsOf } from './settings.ts';

/** Pulumi program of an existing cluster: the genuine provider, and no scheduler, operator or agent of berth's own */
export const kubernetes: ClusterCloud = {
  kind: 'cluster',
  obstacles,
  deliver(request) {
    const { facts, secretFacts } = factsOf(request);
    const { managed } = settingsOf(request.environment.clouds.kubernetes);
    const delivered = declare(request, { ...providers(request), facts, secretFacts });
    // Commands log in by it to a cluster of the stack's own
    const kubeconfig = managed && { kubeconfig: managedKubeconfig(request.environment, managed) };
    return { ...delivered, cluster: { ...delivered.cluster, ...kubeconfig } };
  },
};

/**
 * Objects that are named by what they hold are kept for a way back, and are there already when what they hold comes
 * again: only their provider takes over what exists
 */
function providers({ blueprint: { system }, environment, ownSecrets, parent }: DeliveryRequest) {
  const { kubeconfig, managed, context } = settingsOf(environment.clouds.kubernetes);
  const given = managed
    ? managedKubeconfig(environment, managed)
    : kubeconfig !== 'in-cluster' && pulumi.secret(ownSecrets[kubeconfig.secret] ?? '');
  const login = {
    ...(given && { kubeconfig: given }),
    ...(context !== undefined && { context }),
  };
  return {
    provider: new Provider(`${system}-cluster`, login, { parent }),
    contents: new Provider(`${system}-contents`, { ...login, upsertExistingObjects: true }, { parent }),
  };
}
