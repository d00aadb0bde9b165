import type { Role } from '../../model/blueprint.ts';
import { leftOutSeconds } from '../../model/rolling.ts';
import { isContainer } from '../../model/service.ts';
import {
  type ClusterInput,
  dataVolume,
  hasMembers,
  isShipper,
  item,
  keepsData,
  memberClaim,
  podLabels,
} from './input.ts';
import { type Item, notAwaited } from './manifest.ts';
import { podTemplate } from './pod.ts';
import { mostPods, scalingItems } from './scaling.ts';

/**
 * Returns the workload of a role: a StatefulSet where its pods are members with names, else a Deployment. New pods of a
 * Deployment serve before old ones stop, unless one of its services may not run twice.
 */
export function workloadItems(input: ClusterInput, name: string, role: Role): readonly Item[] {
  const { template, items } = podTemplate(input, name, role);
  const members = hasMembers(input.blueprint, name, role);
  const matchLabels = podLabels(name);
  const minReadySeconds = readySeconds(role, members);
  const common = {
    ...{ replicas: role.count, revisionHistoryLimit: 3, selector: { matchLabels } },
    ...(minReadySeconds > 0 && { minReadySeconds }),
  };
  const { startSeconds } = input.settings;
  const deadline = Math.max(0, ...role.services.map((one) => one.health?.deadlineSeconds ?? 0)) + startSeconds;
  const placed = {
    ...{ role: name, waitSeconds: (deadline + minReadySeconds) * (members ? role.count : 1) },
    ...(role.schedule && { annotations: ofTheDeployment }),
    ...(role.scaling && { leaves: ['spec.replicas'] }),
  };
  const workload = members
    ? item(input, 'StatefulSet', name, { spec: { ...common, ...membersOf(name, role, input), template } }, placed)
    : item(
        input,
        'Deployment',
        name,
        { spec: { ...common, ...rolling(role, deadline + minReadySeconds), template } },
        placed,
      );
  return [
    ...[...items, ...dataClaims(input, name, role), workload],
    ...[...scalingItems(input, name, role), ...disruption(input, name, role)],
  ];
}

/**
 * Seconds for which a new pod serves before the next one stops: its pause, and where a balancer calls members by their names,
 * as long as it leaves one out that was away, with which no other would be left
 */
const readySeconds = ({ rolling, count }: Role, members: boolean): number =>
  Math.max(rolling?.pauseSeconds ?? 0, members && count > 1 ? leftOutSeconds + 2 : 0);

/** What may not run twice is stopped first, with all of its pod; log shippers have a position for each pod */
export const replacesAtOnce = ({ services }: Pick<Role, 'services'>): boolean =>
  services.filter(isContainer).some((one) => one.rollout === 'replace' && !isShipper(one));

function rolling(role: Role, deadline: number) {
  return {
    progressDeadlineSeconds: deadline,
    strategy: replacesAtOnce(role)
      ? { type: 'Recreate' }
      : { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
  };
}

function membersOf(name: string, role: Role, { settings: { storageClass } }: ClusterInput) {
  const claim = {
    metadata: { name: dataVolume },
    spec: claimSpec(storageClass, '1Gi'),
  };
  return {
    serviceName: name,
    podManagementPolicy: 'Parallel',
    updateStrategy: { type: 'RollingUpdate' },
    // Claims that exist already are taken as they are: their size is that of the claims beside it
    ...(keepsData(role) && {
      volumeClaimTemplates: [claim],
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    }),
  };
}

const claimSpec = (storageClass: string | undefined, storage: string) => ({
  accessModes: ['ReadWriteOnce'],
  resources: { requests: { storage } },
  ...(storageClass !== undefined && { storageClassName: storageClass }),
});

/** Returns the claims of a role's members: their data outlive pods and workload, and grow in place */
export const dataClaims = (input: ClusterInput, name: string, role: Role): readonly Item[] =>
  keepsData(role)
    ? Array.from({ length: role.count }, (_, index) =>
        item(
          input,
          'PersistentVolumeClaim',
          memberClaim(name, index),
          { spec: claimSpec(input.settings.storageClass, `${role.volume?.sizeGb ?? role.diskGb}Gi`) },
          // Many classes make a volume once a pod asks for it: waiting for it would wait for ever
          { role: name, holds: 'data', annotations: notAwaited },
        ),
      )
    : [];

/** Has a deployment's number of pods count, where the clock has set another one */
const ofTheDeployment = { 'pulumi.com/patchForce': 'true' };

/** A node is drained one pod of a role after the other */
const disruption = (input: ClusterInput, name: string, role: Role): readonly Item[] =>
  mostPods(role) > 1
    ? [
        item(
          input,
          'PodDisruptionBudget',
          name,
          { spec: { maxUnavailable: 1, selector: { matchLabels: podLabels(name) } } },
          { role: name },
        ),
      ]
    : [];
