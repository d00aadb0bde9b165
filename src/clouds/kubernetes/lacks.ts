import { z } from 'zod';
import { pathText } from '../../config/path.ts';
import type { Blueprint } from '../../model/blueprint.ts';
import type { Ask } from '../../model/clusterAccess.ts';
import type { Environment } from '../../model/environment.ts';
import type { Problem } from '../../model/problem.ts';
import { keepsData, namespaceOf } from '../../render/cluster/input.ts';
import { environmentAnnotation } from '../../render/cluster/system.ts';
import { gatewayProblems } from './gateway.ts';
import { quotaProblems } from './quota.ts';
import { missingRights } from './rights.ts';
import { at, type KubernetesSettings, settingsOf } from './settings.ts';

const object = z.object({
  metadata: z.object({
    name: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
});
const list = z.object({ items: z.array(object) });
const version = z.object({ major: z.string(), minor: z.string(), gitVersion: z.string() });

/**
 * Returns what a cluster lacks for these systems. Whether it enforces NetworkPolicies can't be read: the documentation
 * says how it is seen.
 */
export async function clusterProblems(
  ask: Ask,
  environment: Environment,
  blueprints: readonly Blueprint[],
): Promise<readonly Problem[]> {
  const settings = settingsOf(environment.clouds.kubernetes);
  const found = await Promise.all([
    oldVersion(ask),
    ingress(ask, settings),
    gatewayProblems(ask, settings),
    storage(ask, settings, blueprints),
    issuer(ask, settings),
    figures(ask, blueprints),
    ...blueprints.flatMap((blueprint) => [
      namespace(ask, environment, blueprint),
      quotaProblems(ask, environment, blueprint),
    ]),
    missingRights(ask, environment, blueprints),
  ]);
  return found.flat();
}

/** The first with sidecars, a sleep before a container stops, and time zones of CronJobs */
const leastMinor = 30;

async function oldVersion(ask: Ask): Promise<readonly Problem[]> {
  const { success, data } = version.safeParse((await ask('/version')).body);
  if (!success || data.major !== '1' || Number.parseInt(data.minor, 10) >= leastMinor) return [];
  return [
    {
      path: at(),
      message: `is a cluster of version ${data.gitVersion}, which is too old`,
      allowed: `1.${leastMinor} or later`,
      fix: 'upgrade the cluster',
    },
  ];
}

/** Returns the objects of a collection; undefined where the login may not list them, or the cluster has no such kind */
async function listed(ask: Ask, path: string): Promise<readonly z.infer<typeof object>[] | undefined> {
  const { status, body } = await ask(path);
  return status === 200 ? list.parse(body).items : undefined;
}

const namesOf = (objects: readonly z.infer<typeof object>[]): string =>
  objects.map(({ metadata }) => metadata.name).join(', ') || 'none';

async function ingress(
  ask: Ask,
  { ingressClass, ingressNamespace, gateway }: KubernetesSettings,
): Promise<readonly Problem[]> {
  const classes = gateway ? undefined : await listed(ask, '/apis/networking.k8s.io/v1/ingressclasses');
  const { status } = await ask(`/api/v1/namespaces/${ingressNamespace}`);
  return [
    ...(classes && !classes.some(({ metadata }) => metadata.name === ingressClass)
      ? [absent('ingressClass', ingressClass, 'is no IngressClass of the cluster', namesOf(classes))]
      : []),
    ...(status === 404
      ? [
          absent(
            'ingressNamespace',
            ingressNamespace,
            'is no namespace of the cluster',
            "the namespace in which the ingress's pods run",
          ),
        ]
      : []),
  ];
}

const absent = (key: string, value: string, message: string, allowed: string): Problem => ({
  ...{ path: at(key), value: `\`${value}\``, message, allowed },
  fix: 'name one that the cluster has',
});

const isDefault = 'storageclass.kubernetes.io/is-default-class';

async function storage(
  ask: Ask,
  { storageClass }: KubernetesSettings,
  blueprints: readonly Blueprint[],
): Promise<readonly Problem[]> {
  if (!blueprints.some(({ roles }) => Object.values(roles).some(keepsData))) return [];
  const classes = await listed(ask, '/apis/storage.k8s.io/v1/storageclasses');
  if (!classes) return [];
  if (storageClass !== undefined)
    return classes.some(({ metadata }) => metadata.name === storageClass)
      ? []
      : [absent('storageClass', storageClass, 'is no StorageClass of the cluster', namesOf(classes))];
  if (classes.some(({ metadata }) => metadata.annotations[isDefault] === 'true')) return [];
  return [
    {
      path: at('storageClass'),
      message: 'is missing: the cluster has no default StorageClass',
      allowed: namesOf(classes),
      fix: 'name the class of volumes that hold data',
    },
  ];
}

async function issuer(ask: Ask, { issuer: name }: KubernetesSettings): Promise<readonly Problem[]> {
  if (name === undefined) return [];
  const { status } = await ask(`/apis/cert-manager.io/v1/clusterissuers/${name}`);
  return status === 404
    ? [absent('issuer', name, 'is no ClusterIssuer of the cluster', "a ClusterIssuer of the cluster's cert-manager")]
    : [];
}

/** What chooses a number of pods by the load asks the cluster for the load */
async function figures(ask: Ask, blueprints: readonly Blueprint[]): Promise<readonly Problem[]> {
  const scaled = blueprints.flatMap(({ system, roles }) =>
    Object.values(roles).flatMap(({ scaling, option }) => (scaling ? [{ system, option }] : [])),
  );
  if (scaled.length === 0 || (await ask('/apis/metrics.k8s.io/v1beta1')).status !== 404) return [];
  return scaled.map(({ system, option }) => ({
    path: pathText(['berth:systems', system, option, 'replicas']),
    message: 'follows the load, and nothing in the cluster measures it: it has no metrics server',
    fix: 'have metrics-server installed, or write one number',
  }));
}

async function namespace(ask: Ask, environment: Environment, { system }: Blueprint): Promise<readonly Problem[]> {
  const name = namespaceOf(system, environment.name);
  const { status, body } = await ask(`/api/v1/namespaces/${name}`);
  if (status !== 200) return [];
  const { labels, annotations } = object.parse(body).metadata;
  const own =
    labels['app.kubernetes.io/managed-by'] === 'berth' &&
    labels['app.kubernetes.io/part-of'] === system &&
    annotations[environmentAnnotation] === environment.name;
  return own
    ? []
    : [
        {
          path: pathText(['berth:systems', system]),
          message: `would be delivered into the namespace ${name}, which somebody else owns: it has none of berth's labels`,
          fix: `delete that namespace if nobody needs it, or name the environment otherwise (berth:environment)`,
        },
      ];
}
