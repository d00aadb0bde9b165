import { z } from 'zod';

const ended = z.object({
  exitCode: z.number(),
  reason: z.string().default(''),
  /** Its last lines */
  message: z.string().default(''),
});
const container = z.object({
  name: z.string(),
  ready: z.boolean().default(false),
  state: z
    .object({
      waiting: z.object({ reason: z.string().default(''), message: z.string().default('') }).optional(),
      terminated: ended.optional(),
    })
    .default({}),
  lastState: z.object({ terminated: ended.optional() }).default({}),
});
const conditions = z
  .array(z.object({ type: z.string(), status: z.string(), message: z.string().default('') }))
  .default([]);

/** A pod, as far as it says why it does not serve */
export const failingPod = z.object({
  metadata: z.object({ name: z.string(), deletionTimestamp: z.string().optional() }),
  status: z
    .object({
      conditions,
      initContainerStatuses: z.array(container).default([]),
      containerStatuses: z.array(container).default([]),
    })
    .default({ conditions: [], initContainerStatuses: [], containerStatuses: [] }),
});

/** What a cluster notes of an object */
export const noted = z.object({
  type: z.string().default(''),
  message: z.string().default(''),
  involvedObject: z.object({ name: z.string().default('') }).default({ name: '' }),
});

type Pod = z.infer<typeof failingPod>;
type Noted = z.infer<typeof noted>;
type Container = z.infer<typeof container>;

/** Why one container does not run or does not serve */
export interface Reason {
  pod: string;
  /** @default the pod as a whole */
  container?: string;
  text: string;
  /** Whether it may pass by itself, as a service that starts is not ready yet */
  mayPass: boolean;
}

/**
 * Returns why the pods of a workload do not serve, by what they and the cluster's notes say
 * @param workload its name, which begins those of its pods and of what makes them
 */
export function reasonsOf(workload: string, pods: readonly Pod[], events: readonly Noted[]): readonly Reason[] {
  const told = pods.flatMap((pod) => ofPod(pod, events));
  if (pods.length > 0) return told;
  // No pod could be made at all, such as by a quota
  const last = events.findLast(({ type, involvedObject: { name } }) => type === 'Warning' && isOf(name, workload));
  return last ? [{ pod: workload, text: last.message, mayPass: true }] : [];
}

const isOf = (name: string, workload: string): boolean => name === workload || name.startsWith(`${workload}-`);

function ofPod({ metadata: { name, deletionTimestamp }, status }: Pod, events: readonly Noted[]): readonly Reason[] {
  // One of a former release, which stops
  if (deletionTimestamp !== undefined) return [];
  const unplaced = status.conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  if (unplaced) return [{ pod: name, text: `finds no node: ${unplaced.message}`, mayPass: true }];
  const own = events.filter(({ type, involvedObject }) => type === 'Warning' && involvedObject.name === name);
  const all = [...status.initContainerStatuses, ...status.containerStatuses];
  return all.flatMap((one) => {
    const reason = ofContainer(one, own);
    return reason ? [{ pod: name, container: one.name, ...reason }] : [];
  });
}

/** What passes, or is said by another container */
const early = new Set(['PodInitializing', 'ContainerCreating', 'ErrImagePull']);

function ofContainer({ ready, state, lastState }: Container, events: readonly Noted[]) {
  const { waiting, terminated } = state;
  const before = terminated ?? lastState.terminated;
  if (before && before.exitCode !== 0) {
    const killed = before.reason === 'OOMKilled' ? ': it has used more memory than it may' : '';
    const lines = before.message.trim();
    const said = lines === '' ? '' : `\n${lines.replace(/^/gm, '  ')}`;
    return { text: `ended with code ${before.exitCode}${killed}${said}`, mayPass: false };
  }
  if (waiting) {
    if (early.has(waiting.reason)) return undefined;
    return { text: `does not start: ${[waiting.reason, waiting.message].filter(Boolean).join(': ')}`, mayPass: false };
  }
  if (ready || terminated) return undefined;
  const probe = events.findLast(({ message }) => message.startsWith('Readiness probe'));
  return { text: `is not ready${probe ? `: ${probe.message}` : ''}`, mayPass: true };
}
