import { beforeAll, expect, test } from 'vitest';
import { everyImage } from '../../src/cli/local/wanted.ts';
import { storageClass } from '../../src/clouds/local/cluster/addOns.ts';
import { holdImages } from '../../src/clouds/local/cluster/hold.ts';
import { planImages } from '../../src/clouds/local/images/plan.ts';
import { eventually } from '../e2e/client.ts';
import { askedByName, type TestCluster, testCluster } from './cluster.ts';
import { errand, nameOfPage, page, pageImage, restricted } from './page.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await testCluster();
  const { prepared } = await planImages({ ...everyImage, images: new Set([pageImage]) });
  await holdImages(cluster.node, prepared().images, () => undefined);
});

test('a cluster on this computer starts within a minute', () => {
  expect(cluster.seconds).toBeLessThan(60);
});

test('its ingress serves the pods of a production image under a name, with a certificate of the local authority', async () => {
  const [namespace, host] = ['page', 'page.berth.test'];
  await cluster.apply(restricted(namespace), ...page(namespace), nameOfPage(namespace, host));
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
    ...[restricted(namespace), ...page(namespace)],
    policy(namespace, 'closed', { podSelector: {}, policyTypes: ['Ingress'] }),
    policy(namespace, 'open', { podSelector: { matchLabels: { app: 'page' } }, ingress: [{ from }] }),
  );
  await served(namespace);
  const ask =
    "for i in 1 2 3 4 5; do timeout 2 bash -c 'exec 3<>/dev/tcp/page/80' && exec echo open; done; echo closed";
  const answers = [
    run(errand('friend', namespace, ask, { labels: { friend: 'yes' } })),
    run(errand('stranger', namespace, ask, { labels: { friend: 'no' } })),
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
  await run(errand('first', namespace, 'echo kept >/data/file', { claim: 'data' }));
  await cluster.kubectl('delete', 'pod', 'first', `--namespace=${namespace}`);
  expect(await run(errand('second', namespace, 'cat /data/file', { claim: 'data' }))).toBe('kept');
});

const served = (namespace: string) =>
  cluster.kubectl('rollout', 'status', `--namespace=${namespace}`, '--timeout=90s', 'deployment/page');

const policy = (namespace: string, name: string, spec: object): object => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace },
  spec,
});

/** Runs a pod to its end and returns what it wrote */
async function run(pod: object): Promise<string> {
  const { name, namespace } = (pod as { metadata: { name: string; namespace: string } }).metadata;
  await cluster.apply(pod);
  const ended = ['wait', '--for=jsonpath={.status.phase}=Succeeded', `--namespace=${namespace}`, `pod/${name}`];
  await cluster.kubectl(...ended, '--timeout=90s');
  return (await cluster.kubectl('logs', `--namespace=${namespace}`, name)).trim();
}
