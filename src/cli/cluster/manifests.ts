import { besideMember, dataVolume, jobLabels, memberClaim, podLabels } from '../../render/cluster/input.ts';
import type { JobSpec, PodContainer, Template } from './objects.ts';

/** Seconds for which a Job that has ended stays, where nobody was there to remove it */
const keptSeconds = 3600;

/** Deadline of a command, whose end nobody else knows */
const commandSeconds = 6 * 3600;

/**
 * Returns a Job that does what another one does, or what one by the clock would
 * @param parameters variables that each of its steps is given
 */
export function askedJob(
  name: string,
  { template, activeDeadlineSeconds }: JobSpec,
  parameters: Readonly<Record<string, string>>,
): object {
  const given = Object.entries(parameters).map(([key, value]) => ({ name: key, value }));
  const told = (one: PodContainer) => ({
    ...one,
    env: [...one.env.filter((variable) => !(variable.name in parameters)), ...given],
  });
  const { containers, initContainers, ...spec } = template.spec;
  return jobOf(
    { name },
    {
      ...template,
      spec: { ...spec, initContainers: initContainers.map(told), containers: containers.map(told) },
    },
    activeDeadlineSeconds,
  );
}

/**
 * Returns a Job with a command beside a service: with its image, settings, secrets and files, and what its role has of data
 * @param command with the containers that come first
 * @param template of the role's pods
 * @throws where none of its containers is the service
 */
export function commandJob(
  role: string,
  service: string,
  { command, first }: { command: readonly string[]; first: readonly object[] },
  { metadata, spec: live }: Template,
): object {
  const { containers, initContainers, topologySpreadConstraints: _, hostAliases: __, ...spec } = live;
  const found = [...containers, ...initContainers].find(({ name }) => name === service);
  if (!found) throw new Error(`the pods of ${role} have no container ${service}: deploy its system first`);
  const { readinessProbe: ___, lifecycle: ____, ports: _____, restartPolicy: ______, ...container } = found;
  const mounted = new Set(container.volumeMounts.map(({ name }) => name));
  const volumes = live.volumes.filter(({ name }) => mounted.has(name));
  // Members have theirs by a template of claims, which no pod of another workload has
  const ofMember = mounted.has(dataVolume) && !volumes.some(({ name }) => name === dataVolume);
  const claim = { name: dataVolume, persistentVolumeClaim: { claimName: memberClaim(role, 0) } };
  const own = podLabels(role);
  // A Service must not take it for one of the role's pods
  const labels = Object.fromEntries(Object.entries(metadata.labels).filter(([key]) => !(key in own)));
  return jobOf(
    { generateName: `${`${role}-${service}`.slice(0, 40)}-` },
    {
      metadata: { labels: { ...labels, ...jobLabels(role) } },
      spec: {
        ...spec,
        ...(first.length > 0 && { initContainers: first }),
        containers: [{ ...container, command, args: [] }],
        volumes: [...volumes, ...(ofMember ? [claim] : [])],
        ...(ofMember && { affinity: besideMember(role, 0) }),
        restartPolicy: 'Never',
      },
    },
    commandSeconds,
  );
}

/** Labels that the cluster gives to the pods of one Job */
const ofOneJob = /(?:^|\/)(?:controller-uid|job-name)$/;

function jobOf(
  metadata: Readonly<Record<string, string>>,
  template: { metadata: { labels: Readonly<Record<string, string>> }; spec: object },
  activeDeadlineSeconds: number | undefined,
): object {
  const labels = Object.fromEntries(Object.entries(template.metadata.labels).filter(([key]) => !ofOneJob.test(key)));
  return {
    ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { ...metadata, labels } },
    spec: {
      ...{ backoffLimit: 0, ttlSecondsAfterFinished: keptSeconds },
      ...(activeDeadlineSeconds !== undefined && { activeDeadlineSeconds }),
      template: { metadata: { labels }, spec: template.spec },
    },
  };
}
