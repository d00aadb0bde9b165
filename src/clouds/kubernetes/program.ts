import { Provider } from '@pulumi/kubernetes/provider.js';
import * as pulumi from '@pulumi/pulumi';
import type { Environment } from '../../model/environment.ts';
import type { ClusterCloud, DeliveryRequest } from '../cloud.ts';
import { declare } from './declare.ts';
import { factsOf } from './facts.ts';
import { obstacles } from './obstacles.ts';
import { settingsOf } from './settings.ts';

/** Pulumi program of a cluster: the genuine provider, and no scheduler, operator or agent of berth's own */
export const kubernetes: ClusterCloud = {
  kind: 'cluster',
  obstacles,
  async deliver(request) {
    const { facts, secretFacts } = factsOf(request);
    const made = await madeKubeconfig(request.environment);
    const delivered = declare(request, { ...providers(request, made), facts, secretFacts });
    // Commands log in by it to a cluster of the stack's own
    return { ...delivered, cluster: { ...delivered.cluster, ...(made && { kubeconfig: made }) } };
  },
};

/** Returns the kubeconfig of a cluster that the stack makes; none where it exists already */
async function madeKubeconfig(environment: Environment): Promise<pulumi.Output<string> | undefined> {
  const { managed } = settingsOf(environment.clouds.kubernetes);
  // Other stacks need no SDK of its provider
  return managed && (await import('./managed.ts')).managedKubeconfig(environment, managed);
}

/**
 * Objects that are named by what they hold are kept for a way back, and are there already when what they hold comes
 * again: only their provider takes over what exists
 */
function providers(
  { blueprint: { system }, environment, ownSecrets, parent }: DeliveryRequest,
  made: pulumi.Output<string> | undefined,
) {
  const { kubeconfig, context } = settingsOf(environment.clouds.kubernetes);
  const given = kubeconfig === 'in-cluster' ? undefined : pulumi.secret(ownSecrets[kubeconfig.secret] ?? '');
  const login = made ?? given;
  const args = { ...(login && { kubeconfig: login }), ...(context !== undefined && { context }) };
  return {
    provider: new Provider(`${system}-cluster`, args, { parent }),
    contents: new Provider(`${system}-contents`, { ...args, upsertExistingObjects: true }, { parent }),
  };
}
