import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterAccess } from '../../model/clusterAccess.ts';
import { jobName } from '../../render/cluster/input.ts';
import { accepted, endOf, followed, got } from './follow.ts';
import { askedJob, commandJob } from './manifests.ts';
import { cronJob, type JobSpec, job, listOf, workload } from './objects.ts';

interface Wanted {
  /** Role that has it */
  role: string;
  /** A job, or with a command the service beside which it runs */
  what: string;
  command: readonly string[];
  /** Containers that come before a command. @default none */
  first?: readonly object[];
  /** What a job is told, by variable. @default nothing */
  parameters?: Readonly<Record<string, string>>;
}

interface Place {
  access: ClusterAccess;
  namespace: string;
  /** Workloads by role */
  workloads: Readonly<Record<string, { kind: string; name: string }>>;
}

const busyCode = 75;

/**
 * Runs a job of the live release, or a command beside a service, as a Job that is removed at its end
 * @param tell is given each line that it writes
 * @returns its code, 75 where the job is under way already
 * @throws where the live release has no such job, or the cluster refuses it, with its reason
 */
export async function runInPods(place: Place, wanted: Wanted, tell: (line: string) => void): Promise<number> {
  const { access, namespace } = place;
  const made = wanted.command.length > 0 ? await madeCommand(place, wanted) : await madeJob(place, wanted);
  if (made === undefined) {
    tell(`${wanted.what} is already running`);
    return busyCode;
  }
  try {
    return await followed({ access, namespace, job: made }, tell);
  } finally {
    await removed(place, made.metadata.name);
  }
}

const jobsPath = (namespace: string): string => `/apis/batch/v1/namespaces/${namespace}/jobs`;

async function madeCommand({ access, namespace, workloads }: Place, { role, what, command, first = [] }: Wanted) {
  const { kind, name } = workloads[role] ?? { kind: 'Deployment', name: role };
  const live = await got(access, `/apis/apps/v1/namespaces/${namespace}/${kind.toLowerCase()}s/${name}`);
  const asked = commandJob(role, what, { command, first }, workload.parse(live).spec.template);
  return job.parse(await got(access, jobsPath(namespace), asked));
}

/** Its name is its lock: the cluster makes no second one while it is there */
async function madeJob(place: Place, { role, what, parameters = {} }: Wanted) {
  const { access, namespace } = place;
  const own = jobName(role, what);
  const jobs = listOf(job).parse(await got(access, jobsPath(namespace))).items;
  const byClock = jobs.some(
    ({ metadata, status }) => status.active > 0 && metadata.ownerReferences.some(({ name }) => name === own),
  );
  if (byClock) return undefined;
  const name = `${own}-asked`;
  const asked = askedJob(name, await specOf(place, own, jobs), parameters);
  const left = jobs.find(({ metadata }) => metadata.name === name);
  if (left && !endOf(left)) return undefined;
  if (left) await removed(place, name);
  const answer = await access.ask(jobsPath(namespace), asked);
  return answer.status === 409 ? undefined : job.parse(accepted(answer));
}

/** What a job of the live release does: by the clock, when asked, or at the release */
async function specOf(
  { access, namespace }: Place,
  own: string,
  jobs: readonly ReturnType<typeof job.parse>[],
): Promise<JobSpec> {
  const { status, body } = await access.ask(`/apis/batch/v1/namespaces/${namespace}/cronjobs/${own}`);
  if (status === 200) return cronJob.parse(body).spec.jobTemplate.spec;
  const [last] = jobs
    .filter(({ metadata }) => metadata.name.startsWith(`${own}-`) && /-[0-9a-f]+$/.test(metadata.name))
    .sort((a, b) => b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp));
  if (last) return last.spec;
  throw new Error(`the live release has no job ${own}: deploy it, then run this again`);
}

const removalSeconds = 30;

async function removed({ access, namespace }: Place, name: string): Promise<void> {
  const path = `${jobsPath(namespace)}/${name}`;
  await access.ask(`${path}?propagationPolicy=Background`, undefined, 'DELETE');
  for (const end = Date.now() + removalSeconds * 1000; Date.now() < end; ) {
    if ((await access.ask(path)).status === 404) return;
    await sleep(250);
  }
}
