import type { Role } from '../../model/blueprint.ts';
import { isProgram, type Job, scratchFolder } from '../../model/job.ts';
import { shortHash } from '../hash.ts';
import { type PodContainer, podContainer } from './container.ts';
import { cronOf } from './cron.ts';
import {
  besideMember,
  type ClusterInput,
  dataVolume,
  item,
  jobLabels,
  jobName,
  keepsData,
  memberClaim,
  systemLabels,
} from './input.ts';
import type { Item } from './manifest.ts';
import { distinctItems, podSpec } from './pod.ts';
import { reaching } from './reach.ts';
import { streamed, streams } from './streaming.ts';

/**
 * Returns a role's jobs: those of a release as Jobs, which its workload waits for, those of a calendar as CronJobs, and
 * those that are asked for as CronJobs that are suspended, from which a Job is made for each call
 */
export const jobItems = (input: ClusterInput, name: string, role: Role): readonly Item[] =>
  distinctItems((role.jobs ?? []).flatMap((job) => ofJob(input, name, role, job)));

/** Whether a job ends before the pods of its release start */
export const isGate = ({ manifest }: Item): boolean => manifest.kind === 'Job';

/** Has the provider make a Job anew that has failed, though nothing of it has changed */
const anewWhereItFailed = { 'pulumi.com/replaceUnready': 'true' };

/** A calendar that a suspended CronJob never follows */
const never = { schedule: '0 0 1 1 *', suspend: true };

function ofJob(input: ClusterInput, name: string, role: Role, job: Job): readonly Item[] {
  const { spec, items } = jobSpec(input, name, role, job);
  const own = jobName(name, job.name);
  if ('release' in job.when) {
    // Named by what it does: the same job of the next release does not run again
    const hashed = `${own}-${shortHash(JSON.stringify(spec))}`;
    const placed = { key: own, role: name, waitSeconds: job.deadlineSeconds + 60, annotations: anewWhereItFailed };
    return [...items, item(input, 'Job', hashed, { spec }, placed)];
  }
  const calendar = 'calendar' in job.when ? { schedule: cronOf(job.when.calendar), timeZone: job.when.zone } : never;
  const fields = {
    spec: {
      ...{ ...calendar, concurrencyPolicy: 'Forbid', startingDeadlineSeconds: 3600 },
      ...{ successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 3, jobTemplate: { spec } },
    },
  };
  return [...items, item(input, 'CronJob', own, fields, { role: name })];
}

function jobSpec(input: ClusterInput, name: string, role: Role, job: Job) {
  const steps = job.steps.flatMap((step, index) =>
    isProgram(step) ? [] : [podContainer(input, name, { ...step, name: `${job.name}-${index + 1}` })],
  );
  const withScratch = steps.map((step) => ({
    ...step,
    container: {
      ...step.container,
      volumeMounts: [...(step.container.volumeMounts as object[]), { name: 'scratch', mountPath: scratchFolder }],
    },
    volumes: [...step.volumes, { name: 'scratch', emptyDir: {} }],
  }));
  const pod = job.steps.some(streams)
    ? podSpec(input, [], streamed(job, withScratch), [])
    : podSpec(input, withScratch.slice(0, -1), withScratch.slice(-1), []);
  const labels = { ...systemLabels(input.blueprint.system), ...jobLabels(name) };
  const initContainers = [...reaching(input, name), ...((pod.initContainers as object[] | undefined) ?? [])];
  const started = { ...pod, ...(initContainers.length > 0 && { initContainers }) };
  return {
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: job.deadlineSeconds,
      template: {
        metadata: { labels },
        spec: { ...withData(started, name, role, job, steps), restartPolicy: 'Never' },
      },
    },
    items: steps.flatMap(({ items }) => items),
  };
}

/** Steps that work on the data of a role have those of its first member, on whose node they run */
function withData(
  pod: Readonly<Record<string, unknown>>,
  name: string,
  role: Role,
  job: Job,
  steps: readonly PodContainer[],
): Readonly<Record<string, unknown>> {
  const mounted = steps.some(({ container }) =>
    (container.volumeMounts as { name: string }[]).some((mount) => mount.name === dataVolume),
  );
  if (!mounted) return pod;
  const kept = keepsData(role);
  const volume = kept ? { persistentVolumeClaim: { claimName: memberClaim(name, 0) } } : { emptyDir: {} };
  return {
    ...pod,
    volumes: [...(pod.volumes as object[]), { name: dataVolume, ...volume }],
    // A job of the first release runs before there is a member
    ...(kept && !('release' in job.when) && { affinity: besideMember(name, 0) }),
  };
}
