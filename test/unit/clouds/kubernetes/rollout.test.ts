import { expect, test } from 'vitest';
import { progressOf, rolledOut } from '../../../../src/clouds/kubernetes/rollout.ts';

const object = (status: object, generation = 2) => ({ metadata: { generation }, spec: { replicas: 2 }, status });
const all = { readyReplicas: 2, availableReplicas: 2 };
const rolled = { observedGeneration: 2, currentRevision: 'b', updateRevision: 'b', ...all };

test.each([
  ['what the cluster says of the former release', { ...rolled, observedGeneration: 1 }, false],
  ['one pod is still of the former release', { ...rolled, currentRevision: 'a' }, false],
  ['one pod is not ready', { ...rolled, readyReplicas: 1 }, false],
  ['one pod has not been ready for long enough', { ...rolled, availableReplicas: 1 }, false],
  ['nothing is said yet', {}, false],
  ['all are ready and of the new release', rolled, true],
])('%s', (_, status, isDone) => expect(progressOf(object(status)).isDone).toBe(isDone));

const manifest = {
  ...{ apiVersion: 'apps/v1', kind: 'StatefulSet' as const },
  metadata: { name: 'api', namespace: 'mad-prod', labels: {} },
};

test('it waits until all are, and says how far they are once nothing has changed for too long', async () => {
  const answers = [{ ...rolled, observedGeneration: 1 }, { ...rolled, currentRevision: 'a' }, rolled];
  const asked: string[] = [];
  const ask = async (path: string) => {
    asked.push(path);
    return { status: 200, body: object(answers[Math.min(asked.length, answers.length) - 1] ?? {}) };
  };
  await rolledOut(ask, manifest, 30, true);
  expect(asked).toEqual(Array(3).fill('/apis/apps/v1/namespaces/mad-prod/statefulsets/api'));
  const stuck = { ...rolled, currentRevision: 'a', readyReplicas: 1, updatedReplicas: 1 };
  const never = async () => ({ status: 200, body: object(stuck) });
  await expect(rolledOut(never, manifest, 0, true)).rejects.toThrow(
    'mad-prod/api has not changed for 0 s: of 2 pods, 1 are of the new release, and 1 are ready. The former pods serve on',
  );
});

test('one that this deployment has not changed is waited for where its release is not through, and not for pods that are unwell', async () => {
  const answering = (status: object) => async () => ({ status: 200, body: object(status) });
  await rolledOut(answering({ ...rolled, readyReplicas: 0 }), manifest, 0, false);
  const left = rolledOut(answering({ ...rolled, currentRevision: 'a' }), manifest, 0, false);
  await expect(left).rejects.toThrow('has not changed for 0 s');
});
