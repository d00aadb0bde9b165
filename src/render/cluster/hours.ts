import type { Role, Schedule } from '../../model/blueprint.ts';
import { imageOf } from '../machine.ts';
import { type ClusterInput, hasMembers, item, jobLabels, namespaceOf, systemLabels } from './input.ts';
import type { Item } from './manifest.ts';
import { volumeGroup } from './pod.ts';

/**
 * Returns what runs a role in its hours alone: two CronJobs that scale its workload to zero and back, with an account that
 * may do that and nothing else
 */
export function hoursItems(input: ClusterInput, name: string, role: Role): readonly Item[] {
  const { schedule } = role;
  if (!schedule) return [];
  const own = `${name}-hours`;
  const resource = hasMembers(input.blueprint, name, role) ? 'statefulsets' : 'deployments';
  const account = {
    kind: 'ServiceAccount',
    name: own,
    namespace: namespaceOf(input.blueprint.system, input.environment),
  };
  const permitted = [
    {
      apiGroups: ['apps'],
      resources: [resource, `${resource}/scale`],
      resourceNames: [name],
      verbs: ['get', 'patch', 'update'],
    },
  ];
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: own };
  const scaled = (what: string, time: string, replicas: number) =>
    item(
      input,
      'CronJob',
      `${name}-${what}`,
      {
        spec: cronJob(input, name, own, at(schedule, time), schedule.zone, [
          `${resource}/${name}`,
          `--replicas=${replicas}`,
        ]),
      },
      { role: name },
    );
  return [
    item(input, 'ServiceAccount', own, { automountServiceAccountToken: false }, { role: name }),
    item(input, 'Role', own, { rules: permitted }, { role: name }),
    item(input, 'RoleBinding', own, { roleRef, subjects: [account] }, { role: name }),
    scaled('start', schedule.start, role.count),
    scaled('stop', schedule.stop, 0),
  ];
}

const at = ({ days }: Schedule, time: string): string => {
  const [hour = '0', minute = '0'] = time.split(':').map((part) => `${Number(part)}`);
  return `${minute} ${hour} * * ${days.map((day) => day.toUpperCase()).join(',')}`;
};

function cronJob(
  input: ClusterInput,
  role: string,
  serviceAccountName: string,
  schedule: string,
  timeZone: string,
  scale: readonly string[],
) {
  const container = {
    ...{
      name: 'scale',
      image: imageOf(input, input.settings.kubectlImage),
      command: ['kubectl'],
      args: ['scale', ...scale],
    },
    resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '128Mi' } },
    securityContext: {
      ...{ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true },
    },
  };
  const pod = {
    ...{ serviceAccountName, automountServiceAccountToken: true, restartPolicy: 'OnFailure' },
    securityContext: {
      ...{ runAsNonRoot: true, runAsUser: volumeGroup, runAsGroup: volumeGroup },
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [container],
  };
  const labels = { ...systemLabels(input.blueprint.system), ...jobLabels(role) };
  return {
    ...{ schedule, timeZone, concurrencyPolicy: 'Replace', startingDeadlineSeconds: 3600 },
    ...{ successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 1 },
    jobTemplate: {
      spec: { backoffLimit: 3, activeDeadlineSeconds: 300, template: { metadata: { labels }, spec: pod } },
    },
  };
}
