import { Provider } from '@pulumi/kubernetes/provider.js';
import * as pulumi from '@pulumi/pulumi';
import type { ClusterCloud, DeliveryRequest } from '../cloud.ts';
import { declare } from './declare.ts';
import { factsOf } from './facts.ts';
import { obstacles } from './obstacles.ts';
import { settingsOf } from './settings.ts';

/** Pulumi program of an existing cluster: the genuine provider, and no scheduler, operator or agent of berth's own */
export const kubernetes: ClusterCloud = {
  kind: 'cluster',
  obstacles,
  deliver(request) {
    const { facts, secretFacts } = factsOf(request);
    return declare(request, { ...providers(request), facts, secretFacts });
  },
};

/**
 * Objects that are named by what they hold are kept for a way back, and are there already when what they hold comes
 * again: only their provider takes over what exists
 */
function providers({ blueprint: { system }, environment, ownSecrets, parent }: DeliveryRequest) {
  const { kubeconfig, context } = settingsOf(environment.clouds.kubernetes);
  const login = {
    ...(kubeconfig !== 'in-cluster' && { kubeconfig: pulumi.secret(ownSecrets[kubeconfig.secret] ?? '') }),
    ...(context !== undefined && { context }),
  };
  return {
    provider: new Provider(`${system}-cluster`, login, { parent }),
    contents: new Provider(`${system}-contents`, { ...login, upsertExistingObjects: true }, { parent }),
  };
}
