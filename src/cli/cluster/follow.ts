import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, ClusterAccess } from '../../model/clusterAccess.ts';
import { ofJobLabel } from '../../render/cluster/input.ts';
import { event, type Job, job, listOf, type Pod, pod } from './objects.ts';

/** A Job that runs in a namespace */
export interface Running {
  access: ClusterAccess;
  namespace: string;
  job: Job;
}

const deadlineCode = 124;
const pollMilliseconds = 500;
/** Time in which a Job has its pod, unless the cluster refuses it */
const podSeconds = 20;

/**
 * Tells what a Job writes while it runs, and waits for its end
 * @returns the code of the step that failed, 124 where its deadline ended it, 0 where all is done
 * @throws where its pod can't be made or does not start, with the cluster's reason
 */
export async function followed(running: Running, tell: (line: string) => void): Promise<number> {
  const first = await podOf(running);
  const all = [...first.spec.initContainers, ...first.spec.containers];
  await Promise.all(all.map(({ name }) => followContainer(running, first.metadata.name, name, tell)));
  for (;;) {
    const ended = endOf(await jobNow(running));
    if (ended?.type === 'Complete') return 0;
    if (ended?.reason === 'DeadlineExceeded') return deadlineCode;
    if (ended) return codeOf(await podNow(running, first.metadata.name));
    await sleep(pollMilliseconds);
  }
}

/** The condition of a Job that has ended, well or not */
export const endOf = ({ status: { conditions } }: Job): Job['status']['conditions'][number] | undefined =>
  conditions.find(({ type, status }) => /^(Complete|Failed)$/.test(type) && status === 'True');

async function podOf(running: Running): Promise<Pod> {
  const { access, namespace, job } = running;
  const selector = encodeURIComponent(`${ofJobLabel}=${job.metadata.uid}`);
  for (const end = Date.now() + podSeconds * 1000; ; ) {
    const { items } = listOf(pod).parse(
      await got(access, `/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`),
    );
    if (items[0]) return items[0];
    if (Date.now() > end) throw new Error(`no pod was made for ${job.metadata.name}: ${await reasonOf(running)}`);
    await sleep(pollMilliseconds);
  }
}

/** What the cluster says of a Job whose pods it does not make, such as a quota */
async function reasonOf({ access, namespace, job }: Running): Promise<string> {
  const selector = encodeURIComponent(`involvedObject.name=${job.metadata.name}`);
  const { status, body } = await access.ask(`/api/v1/namespaces/${namespace}/events?fieldSelector=${selector}`);
  const events = status === 200 ? listOf(event).parse(body).items : [];
  return events.findLast(({ type }) => type === 'Warning')?.message ?? 'the cluster gives no reason';
}

/** Reasons for which a container does not start, however long one waits */
const hopeless =
  /^(?:ImagePullBackOff|InvalidImageName|ErrImageNeverPull|CreateContainerConfigError|CreateContainerError)$/;

async function followContainer(running: Running, podName: string, name: string, tell: (line: string) => void) {
  const { access, namespace } = running;
  for (;;) {
    const now = await podNow(running, podName);
    // A Job that its deadline has ended has no pod
    if (!now) return;
    const status = statusesOf(now).find((one) => one.name === name);
    const { waiting, terminated, running: started } = status?.state ?? {};
    if (waiting && hopeless.test(waiting.reason))
      throw new Error(`container ${name} does not start: ${waiting.reason}: ${waiting.message}`);
    if (terminated || started !== undefined) break;
    // One before it has failed
    if (statusesOf(now).some(({ state }) => (state.terminated?.exitCode ?? 0) !== 0)) return;
    await sleep(pollMilliseconds);
  }
  await access.follow(`/api/v1/namespaces/${namespace}/pods/${podName}/log?follow=true&container=${name}`, tell);
}

const statusesOf = ({ status }: Pod) => [...status.initContainerStatuses, ...status.containerStatuses];

/** The code of the step that failed first */
function codeOf(found: Pod | undefined): number {
  const failed = (found ? statusesOf(found) : [])
    .flatMap(({ state }) => state.terminated ?? [])
    .filter(({ exitCode }) => exitCode !== 0)
    .sort((a, b) => a.finishedAt.localeCompare(b.finishedAt));
  return failed[0]?.exitCode ?? 1;
}

async function podNow({ access, namespace }: Running, name: string): Promise<Pod | undefined> {
  const { status, body } = await access.ask(`/api/v1/namespaces/${namespace}/pods/${name}`);
  return status === 404 ? undefined : pod.parse(body);
}

const jobNow = async ({ access, namespace, job: { metadata } }: Running): Promise<Job> =>
  job.parse(await got(access, `/apis/batch/v1/namespaces/${namespace}/jobs/${metadata.name}`));

/**
 * Returns what a path holds, or what has become of an object that is posted to it
 * @throws with what the cluster said where it refuses
 */
export const got = async ({ ask }: ClusterAccess, path: string, object?: object): Promise<unknown> =>
  accepted(await ask(path, object));

export function accepted({ status, body }: Answer): unknown {
  if (status >= 200 && status < 300) return body;
  const said = (body as { message?: unknown } | undefined)?.message;
  throw new Error(`the cluster refuses${typeof said === 'string' ? `: ${said}` : ` with status ${status}`}`);
}
