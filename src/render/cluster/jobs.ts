import type { Role } from '../../model/blueprint.ts';
import { isProgram, type Job, scratchFolder } from '../../model/job.ts';
import { shortHash } from '../hash.ts';
import { podContainer } from './container.ts';
import { cronOf } from './cron.ts';
import { type ClusterInput, item, jobLabels, systemLabels } from './input.ts';
import type { Item } from './manifest.ts';
import { distinctItems, podSpec } from './pod.ts';

/** Returns a role's jobs: those of a release as Jobs, which its workload waits for, those of a calendar as CronJobs */
export const jobItems = (input: ClusterInput, name: string, role: Role): readonly Item[] =>
  distinctItems((role.jobs ?? []).flatMap((job) => ofJob(input, name, job)));

/** Whether a job ends before the pods of its release start */
export const isGate = ({ manifest }: Item): boolean => manifest.kind === 'Job';

function ofJob(input: ClusterInput, role: string, job: Job): readonly Item[] {
  if ('asked' in job.when) return [];
  const { spec, items } = jobSpec(input, role, job);
  const own = `${role}-${job.name}`;
  if ('calendar' in job.when) {
    const fields = {
      spec: {
        ...{ schedule: cronOf(job.when.calendar), timeZone: job.when.zone },
        ...{ concurrencyPolicy: 'Forbid', startingDeadlineSeconds: 3600 },
        ...{ successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 3, jobTemplate: { spec } },
      },
    };
    return [...items, item(input, 'CronJob', own, fields, { role })];
  }
  // Named by what it does: the same job of the next release does not run again
  const name = `${own}-${shortHash(JSON.stringify(spec))}`;
  return [...items, item(input, 'Job', name, { spec }, { key: own, role, waitSeconds: job.deadlineSeconds + 60 })];
}

function jobSpec(input: ClusterInput, role: string, job: Job) {
  const steps = job.steps.flatMap((step, index) =>
    isProgram(step) ? [] : [podContainer(input, role, { ...step, name: `${job.name}-${index + 1}` })],
  );
  const withScratch = steps.map((step) => ({
    ...step,
    container: {
      ...step.container,
      volumeMounts: [...(step.container.volumeMounts as object[]), { name: 'scratch', mountPath: scratchFolder }],
    },
    volumes: [...step.volumes, { name: 'scratch', emptyDir: {} }],
  }));
  const pod = podSpec(input, withScratch.slice(0, -1), withScratch.slice(-1), []);
  const labels = { ...systemLabels(input.blueprint.system), ...jobLabels(role) };
  return {
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: job.deadlineSeconds,
      template: { metadata: { labels }, spec: { ...pod, restartPolicy: 'Never' } },
    },
    items: steps.flatMap(({ items }) => items),
  };
}
