import { z } from 'zod';
import type { Blueprint } from '../../model/blueprint.ts';
import type { Ask } from '../../model/clusterAccess.ts';
import type { Environment } from '../../model/environment.ts';
import type { Problem } from '../../model/problem.ts';
import { keepsData, namespaceOf } from '../../render/cluster/input.ts';
import { mostPods } from '../../render/cluster/scaling.ts';
import { at, settingsOf } from './settings.ts';

interface Right {
  group: string;
  resource: string;
  /** Namespace; absent for what belongs to the whole cluster */
  namespace?: string;
  /** @default create */
  verb?: 'create' | 'patch';
}

const review = z.object({ status: z.object({ allowed: z.boolean() }) });

/** Returns one problem that names everything which the login may not make */
export async function missingRights(
  ask: Ask,
  environment: Environment,
  blueprints: readonly Blueprint[],
): Promise<readonly Problem[]> {
  const wanted = blueprints.flatMap((blueprint) => rightsFor(blueprint, environment));
  const answers = await Promise.all(
    wanted.map(async (right) => {
      const { status, body } = await ask('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', asked(right));
      const answer = status === 201 ? review.safeParse(body).data : undefined;
      return answer?.status.allowed === false ? [textOf(right)] : [];
    }),
  );
  const missing = answers.flat();
  return missing.length === 0
    ? []
    : [
        {
          path: at('kubeconfig'),
          message: `logs in as somebody who may not ${missing.join(', ')}`,
          allowed: 'the rights of docs/kubernetes.md',
          fix: 'have the login given these rights, or name another kubeconfig',
        },
      ];
}

const textOf = ({ resource, namespace, verb = 'create' }: Right): string =>
  `${verb} ${resource}${namespace === undefined ? '' : ` in ${namespace}`}`;

function rightsFor({ system, roles }: Blueprint, { name, clouds }: Environment): readonly Right[] {
  const namespace = namespaceOf(system, name);
  const { gateway } = settingsOf(clouds.kubernetes);
  const all = Object.values(roles);
  const when = (needed: boolean, group: string, ...resources: string[]): readonly Right[] =>
    needed ? resources.map((resource) => ({ group, resource, namespace })) : [];
  const scheduled = all.some(({ schedule }) => schedule !== undefined);
  return [
    { group: '', resource: 'namespaces' },
    ...when(true, '', 'configmaps', 'secrets', 'services'),
    ...when(true, 'apps', 'deployments', 'statefulsets'),
    ...when(true, 'networking.k8s.io', 'networkpolicies'),
    ...when(!gateway, 'networking.k8s.io', 'ingresses'),
    ...when(gateway !== undefined, 'gateway.networking.k8s.io', 'httproutes'),
    ...when(all.some(keepsData), '', 'persistentvolumeclaims'),
    ...(all.some(keepsData) ? [{ group: '', resource: 'persistentvolumes', verb: 'patch' as const }] : []),
    ...when(
      all.some((role) => mostPods(role) > 1),
      'policy',
      'poddisruptionbudgets',
    ),
    ...when(
      all.some(({ scaling }) => scaling !== undefined),
      'autoscaling',
      'horizontalpodautoscalers',
    ),
    ...when(scheduled || all.some(({ jobs = [] }) => jobs.length > 0), 'batch', 'jobs', 'cronjobs'),
    ...when(scheduled, '', 'serviceaccounts'),
    ...when(scheduled, 'rbac.authorization.k8s.io', 'roles', 'rolebindings'),
  ];
}

const asked = ({ group, resource, namespace, verb = 'create' }: Right): object => ({
  ...{ apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview' },
  spec: { resourceAttributes: { verb, group, resource, ...(namespace !== undefined && { namespace }) } },
});
