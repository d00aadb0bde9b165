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
    const kubeconfig = await madeKubeconfig(request.environment);
    const ownSecrets = { ...request.ownSecrets, ...(kubeconfig && { kubeconfig }) };
    const delivered = declare({ ...request, ownSecrets }, { ...providersOf(request, kubeconfig), facts, secretFacts });
    // Commands log in by it to a cluster of the stack's own
    return { ...delivered, cluster: { ...delivered.cluster, ...(kubeconfig && { kubeconfig }) } };
  },
};

/** Returns the kubeconfig of a cluster that the stack makes; none where it exists already */
async function madeKubeconfig(environment: Environment): Promise<pulumi.Output<string> | undefined> {
  const { managed } = settingsOf(environment.clouds.kubernetes);
  // Other stacks need no SDK of its provider
  return managed && (await import('./managed.ts')).managedKubeconfig(environment, managed);
}

interface Providers {
  provider: Provider;
  contents: Provider;
}

const made = new WeakMap<Environment, Providers>();

/**
 * Returns the providers of a stack, which all of its systems share: the engine starts a process for each of them. Objects that
 * are named by what they hold are kept for a way back, and are there already when what they hold comes again: only their
 * provider takes over what exists.
 */
function providersOf(request: DeliveryRequest, kubeconfig: pulumi.Output<string> | undefined): Providers {
  const { environment } = request;
  const providers = made.get(environment) ?? declaredProviders(request, kubeconfig);
  made.set(environment, providers);
  return providers;
}

function declaredProviders(
  { environment, ownSecrets }: DeliveryRequest,
  own: pulumi.Output<string> | undefined,
): Providers {
  const { kubeconfig, context } = settingsOf(environment.clouds.kubernetes);
  const given = kubeconfig === 'in-cluster' ? undefined : pulumi.secret(ownSecrets[kubeconfig.secret] ?? '');
  const login = own ?? given;
  const args = { ...(login && { kubeconfig: login }), ...(context !== undefined && { context }) };
  return {
    provider: new Provider('cluster', args),
    contents: new Provider('cluster-contents', { ...args, upsertExistingObjects: true }),
  };
}
