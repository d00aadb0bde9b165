import { z } from 'zod';
import { clouds } from '../../clouds/registry.ts';
import type { ClusterAccess } from '../../model/clusterAccess.ts';
import type { Environment } from '../../model/environment.ts';
import { type EngineStack, pulumi } from '../../pulumi/stack.ts';
import { secretOf } from '../secretOf.ts';

/**
 * Returns how a system's cluster is asked, with the login that the stack's secrets have
 * @throws where the system is in no cluster, or its login is none
 */
export async function clusterOf(on: EngineStack, environment: Environment, system: string): Promise<ClusterAccess> {
  const cloud = clouds[environment.systems[system]?.cloud ?? ''];
  if (!cloud?.access) throw new Error(`the stack's file has ${system} in no cluster: deploy it first`);
  const names = Object.keys(cloud.ownSecrets?.(environment) ?? {});
  const secrets = names.map(async (name) => [name, await secretOf(on, `${cloud.name}/${name}`)] as const);
  return cloud.access(environment, { ...(await made(on, system)), ...Object.fromEntries(await Promise.all(secrets)) });
}

const kubeconfigs = z.object({
  systems: z.record(z.string(), z.object({ cluster: z.object({ kubeconfig: z.string().optional() }).optional() })),
});

/** The kubeconfig of a cluster that the stack has made, which is among its secret outputs */
async function made(on: EngineStack, system: string): Promise<Record<string, string>> {
  const outputs = await pulumi(on, ['stack', 'output', '--json', '--show-secrets']);
  const kubeconfig = kubeconfigs.safeParse(JSON.parse(outputs)).data?.systems[system]?.cluster?.kubeconfig;
  return kubeconfig === undefined ? {} : { kubeconfig };
}
