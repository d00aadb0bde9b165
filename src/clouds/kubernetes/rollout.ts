import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Ask } from '../../model/clusterAccess.ts';
import type { Manifest } from '../../render/cluster/manifest.ts';
import { mistake } from '../mistake.ts';

const statefulSet = z.object({
  metadata: z.object({ generation: z.number() }),
  spec: z.object({ replicas: z.number() }),
  status: z.object({
    observedGeneration: z.number().default(0),
    readyReplicas: z.number().default(0),
    availableReplicas: z.number().default(0),
    updatedReplicas: z.number().default(0),
    currentRevision: z.string().default(''),
    updateRevision: z.string().default(''),
  }),
});

const pollMilliseconds = 1000;

/** Returns how far the members of a StatefulSet are, and whether all are as it says, as `kubectl rollout status` does */
export function progressOf(object: unknown): { isDone: boolean; isRolled: boolean; text: string } {
  const { metadata, spec, status } = statefulSet.parse(object);
  const isSeen = status.observedGeneration >= metadata.generation;
  const isRolled = isSeen && status.currentRevision === status.updateRevision;
  const ready = Math.min(status.readyReplicas, status.availableReplicas);
  const updated = isSeen ? status.updatedReplicas : 0;
  return {
    isRolled,
    isDone: isRolled && ready >= spec.replicas,
    text: `of ${spec.replicas} pods, ${isRolled ? spec.replicas : updated} are of the new release, and ${ready} are ready`,
  };
}

/**
 * Waits until all members of a StatefulSet are of its new release and ready. The provider takes what the cluster says of the
 * former release for an answer, and so does not wait at all where it asks before the cluster has begun. A release that was
 * not changed is waited for where an earlier deployment has not brought it through; whether its pods are well is another question.
 * @param seconds that one member may take
 * @param isChanged whether this deployment has changed it
 * @throws once so long nothing has changed
 */
export async function rolledOut(ask: Ask, { metadata }: Manifest, seconds: number, isChanged: boolean): Promise<void> {
  const path = `/apis/apps/v1/namespaces/${metadata.namespace}/statefulsets/${metadata.name}`;
  for (let [before, end] = ['', 0]; ; await sleep(pollMilliseconds)) {
    const { status, body } = await ask(path);
    const answer = { isRolled: !isChanged, isDone: false, text: `it answers with ${status}` };
    const { isDone, isRolled, text } = status === 200 ? progressOf(body) : answer;
    if (isDone || (isRolled && !isChanged)) return;
    if (text !== before) [before, end] = [text, Date.now() + seconds * 1000];
    if (Date.now() < end) continue;
    const what = `${metadata.namespace}/${metadata.name}`;
    throw mistake(`${what} has not changed for ${seconds} s: ${text}. The former pods serve on`);
  }
}
