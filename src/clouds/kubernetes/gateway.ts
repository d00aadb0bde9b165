import { z } from 'zod';
import type { Blueprint } from '../../model/blueprint.ts';
import type { Ask } from '../../model/clusterAccess.ts';
import type { Environment } from '../../model/environment.ts';
import type { Problem } from '../../model/problem.ts';
import { at, type KubernetesSettings, settingsOf } from './settings.ts';

/** Returns what a system asks of its public names that a gateway can't do */
export function gatewayRefusals({ roles, balancers }: Blueprint, { clouds }: Environment): readonly Problem[] {
  if (!settingsOf(clouds.kubernetes).gateway) return [];
  const edges = [...Object.values(roles), ...balancers.map(({ inItsPlace }) => inItsPlace)].map(({ edge }) => edge);
  const because = (found: boolean, message: string, fix: string): readonly Problem[] =>
    found ? [{ path: at('gateway'), message, fix }] : [];
  return [
    ...because(
      edges.some((edge) => edge?.tls.kind === 'files'),
      'has the certificates of its listeners, and the system brings one of its own (tls: files)',
      "write tls: acme or upstream and have the gateway's listener hold the certificate, or name an ingressClass",
    ),
    ...because(
      balancers.some(({ sticky }) => sticky),
      'spreads requests over all pods, and a balancer of the system keeps each visitor at one',
      'name an ingressClass in place of the gateway',
    ),
  ];
}

const gatewayObject = z.object({
  spec: z.object({
    listeners: z.array(
      z.object({
        name: z.string(),
        allowedRoutes: z.object({ namespaces: z.object({ from: z.string().default('Same') }).optional() }).optional(),
      }),
    ),
  }),
});

/** Returns what keeps a cluster's gateway from serving the names of a system */
export async function gatewayProblems(ask: Ask, { gateway }: KubernetesSettings): Promise<readonly Problem[]> {
  if (!gateway) return [];
  const { name, namespace, listener } = gateway;
  const { status, body } = await ask(`/apis/gateway.networking.k8s.io/v1/namespaces/${namespace}/gateways/${name}`);
  const problem = (
    key: keyof typeof gateway,
    own: Pick<Problem, 'message' | 'allowed' | 'fix'>,
  ): readonly Problem[] => [{ path: at('gateway', key), value: `\`${gateway[key]}\``, ...own }];
  if (status === 404)
    return problem('name', {
      message: `is no Gateway in the namespace ${namespace} of the cluster`,
      allowed: 'a Gateway of gateway.networking.k8s.io/v1',
      fix: 'name one that the cluster has, or an ingressClass',
    });
  const { success, data } = gatewayObject.safeParse(body);
  if (status !== 200 || !success) return [];
  const { listeners } = data.spec;
  const found = listeners.find((one) => one.name === listener);
  if (!found)
    return problem('listener', {
      message: `is no listener of the Gateway ${name}`,
      allowed: listeners.map((one) => one.name).join(', '),
      fix: 'name one that it has',
    });
  // By default it takes routes of its own namespace alone, and each system has its own
  return (found.allowedRoutes?.namespaces?.from ?? 'Same') === 'Same'
    ? problem('listener', {
        message: `takes no routes of other namespaces than ${namespace}, and each system has its own`,
        allowed: 'a listener with allowedRoutes.namespaces.from: All or Selector',
        fix: 'have it take the routes of systems, or name another listener',
      })
    : [];
}
