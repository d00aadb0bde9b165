import { beforeAll, expect, test } from 'vitest';
import { storageClass } from '../../src/clouds/local/cluster/addOns.ts';
import { eventually } from '../e2e/client.ts';
import { askedByName, type TestCluster, testCluster } from './cluster.ts';
import { nameOfPage, page, restricted, resultOf } from './page.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await testCluster();
});

test('a cluster on this computer starts within a minute', () => {
  expect(cluster.seconds).toBeLessThan(60);
});

test('its ingress serves the pods of a production image under a name, with a certificate of the local authority', async () => {
  const [namespace, host] = ['page', 'page.berth.test'];
  await cluster.apply(restricted(namespace), ...page(namespace, cluster.pageImage), nameOfPage(namespace, host));
  await served(namespace);
  const answer = await eventually(
    60,
    () => askedByName(cluster, host, '/'),
    (text) => String(text).includes('a page'),
  );
  expect(answer).toBe('a page\n');
});

test('a pod is reached by whom a policy names, and by nobody else', async () => {
  const namespace = 'closed';
  const from = [{ podSelector: { matchLabels: { friend: 'yes' } } }];
  await cluster.apply(
    ...[restricted(namespace), ...page(namespace, cluster.pageImage)],
    policy(namespace, 'closed', { podSelector: {}, policyTypes: ['Ingress'] }),
    policy(namespace, 'open', { podSelector: { matchLabels: { app: 'page' } }, ingress: [{ from }] }),
  );
  await served(namespace);
  const ask =
    "for i in 1 2 3 4 5; do timeout 2 bash -c 'exec 3<>/dev/tcp/page/80' 2>/dev/null && exec echo open; done; echo closed";
  const answers = [
    resultOf(cluster, namespace, 'friend', ask, { labels: { friend: 'yes' } }),
    resultOf(cluster, namespace, 'stranger', ask, { labels: { friend: 'no' } }),
  ];
  expect(await Promise.all(answers)).toEqual(['open', 'closed']);
});

test('what a pod has written to a volume is there for the next one', async () => {
  const namespace = 'volume';
  await cluster.apply(restricted(namespace), {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: storageClass,
      resources: { requests: { storage: '1Gi' } },
    },
  });
  const claim = 'data';
  await resultOf(cluster, namespace, 'first', 'echo kept >/data/file', { claim });
  await cluster.kubectl('delete', 'pod', 'first', `--namespace=${namespace}`);
  expect(await resultOf(cluster, namespace, 'second', 'cat /data/file', { claim })).toBe('kept');
});

const served = (namespace: string) =>
  cluster.kubectl('rollout', 'status', `--namespace=${namespace}`, '--timeout=90s', 'deployment/page');

const policy = (namespace: string, name: string, spec: object): object => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace },
  spec,
});
