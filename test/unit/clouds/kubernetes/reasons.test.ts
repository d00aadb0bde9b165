import { expect, test } from 'vitest';
import { z } from 'zod';
import { failingPod, noted, reasonsOf } from '../../../../src/clouds/kubernetes/reasons.ts';

const named = (name: string, status: object) => ({ metadata: { name }, status });
const reasons = (pods: readonly object[], events: readonly object[] = []) =>
  reasonsOf('web', z.array(failingPod).parse(pods), z.array(noted).parse(events));

test('an image that does not exist is told, and not what waits for it', () => {
  const waiting = { reason: 'ImagePullBackOff', message: 'Back-off pulling image "shop/web:9"' };
  const pods = [
    named('web-7d-x', {
      initContainerStatuses: [{ name: 'check-web', state: { waiting } }],
      containerStatuses: [{ name: 'web', state: { waiting: { reason: 'PodInitializing' } } }],
    }),
  ];
  expect(reasons(pods)).toEqual([
    {
      pod: 'web-7d-x',
      container: 'check-web',
      text: 'does not start: ImagePullBackOff: Back-off pulling image "shop/web:9"',
      mayPass: false,
    },
  ]);
});

test('a container that ends again and again has ended with its code, with its last lines', () => {
  const before = { terminated: { exitCode: 137, reason: 'OOMKilled', message: 'one\ntwo\n' } };
  const state = { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s' } };
  expect(reasons([named('web-0', { containerStatuses: [{ name: 'web', state, lastState: before }] })])).toEqual([
    {
      ...{ pod: 'web-0', container: 'web', mayPass: false },
      text: 'ended with code 137: it has used more memory than it may\n  one\n  two',
    },
  ]);
});

test('one that runs and is not ready says what its probe got; one that is ready, or is done, says nothing', () => {
  const pod = named('web-0', {
    initContainerStatuses: [{ name: 'check', state: { terminated: { exitCode: 0 } } }],
    containerStatuses: [{ name: 'page', ready: true }, { name: 'web' }],
  });
  const note = (name: string, message: string) => ({ type: 'Warning', message, involvedObject: { name } });
  const events = [note('web-0', 'Readiness probe failed: 503'), note('web-1', 'Readiness probe failed: 500')];
  expect(reasons([pod], events)).toEqual([
    { pod: 'web-0', container: 'web', text: 'is not ready: Readiness probe failed: 503', mayPass: true },
  ]);
});

test('a pod of the former release, which stops, says nothing', () => {
  const pod = named('web-0', { containerStatuses: [{ name: 'web', state: { terminated: { exitCode: 143 } } }] });
  expect(reasons([{ ...pod, metadata: { name: 'web-0', deletionTimestamp: '2026-01-01T00:00:00Z' } }])).toEqual([]);
});

test('a pod without a node, and pods that could not be made, say why', () => {
  const unplaced = { type: 'PodScheduled', status: 'False', message: '0/2 nodes: Insufficient memory' };
  expect(reasons([named('web-0', { conditions: [unplaced] })])).toEqual([
    { pod: 'web-0', text: 'finds no node: 0/2 nodes: Insufficient memory', mayPass: true },
  ]);
  const quota = { type: 'Warning', message: 'exceeded quota: small', involvedObject: { name: 'web-7d' } };
  const other = { type: 'Warning', message: 'another', involvedObject: { name: 'website' } };
  expect(reasons([], [quota, other])).toEqual([{ pod: 'web', text: 'exceeded quota: small', mayPass: true }]);
  expect(reasons([], [{ ...quota, type: 'Normal' }])).toEqual([]);
});
