import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, clientThatTrusts, eventually, picture } from '../e2e/client.ts';
import { load } from '../e2e/load.ts';
import { roots, type TestCluster, testCluster } from './cluster.ts';
import { resultOf } from './page.ts';
import { type ClusterStack, clusterStack } from './stack.ts';

// Basegun in a real cluster from its first pod to its last; each test continues from the state of the one before
const domain = 'basegun.berth.test';
let cluster: TestCluster;
let stack: ClusterStack;
let client: Client;

beforeAll(async () => {
  cluster = await testCluster();
  stack = await clusterStack(cluster, {
    name: 'basegun',
    entry: { version: '3.3.0', domain, tls: 'acme', contact: 'ops@berth.test', web: { replicas: 2 } },
    buckets: ['uploads'],
    logStreams: ['app'],
  });
  client = clientThatTrusts(await roots(cluster), cluster.address, domain);
});
afterAll(async () => {
  client?.close();
  await stack?.remove();
});

const version = () => client.getAnew('/api/version');

test('from nothing, the site answers by TLS with a certificate of its authority, and takes a picture', async () => {
  const made = await stack.up();
  expect(made.code, made.output).toBe(0);
  const answer = await eventually(60, version, ({ status }) => status === 200);
  expect(answer).toMatchObject({ status: 200, body: '3.3.0' });
  expect((await client.get('/')).status).toBe(200);
  expect((await client.post('/api/upload', { name: 'photo.bmp', data: picture() })).status).toBe(200);
  expect(await stack.state()).not.toContain(cluster.kubeconfig.slice(-60).trim());
});

test('a second up changes nothing', async () => {
  const again = await stack.up('--expect-no-changes');
  expect(again.code, again.output).toBe(0);
});

test('a new version under 100 requests a second fails none of them', async () => {
  const traffic = load(client, 100);
  await stack.configure({ version: '3.3.1' });
  const rolled = await stack.up();
  await eventually(10, version, ({ body }) => body === '3.3.1');
  const { requests, failures, versions, p99Milliseconds } = await traffic.stop();
  console.log(
    `${requests} requests, 99 % within ${Math.round(p99Milliseconds)} ms, up in ${rolled.seconds.toFixed(1)} s`,
  );
  expect(rolled.code, rolled.output).toBe(0);
  expect(failures).toEqual([]);
  expect(requests).toBeGreaterThan(1000);
  expect(versions).toEqual(['3.3.0', '3.3.1']);
});

test('a pod that no rule names reaches no pod of the system, be it of its namespace or of another', async () => {
  const addresses = (await pods('{.items[*].status.podIP}')).trim().split(' ');
  const ask = `for host in ${addresses.join(' ')}; do for port in 80 5000; do
    timeout 2 bash -c "exec 3<>/dev/tcp/$host/$port" 2>/dev/null && echo "$host:$port is open"; done; done; echo asked`;
  const from = (namespace: string) => resultOf(cluster, namespace, 'stranger', ask);
  // One that is about to stop may still run
  expect(addresses.length).toBeGreaterThanOrEqual(2);
  expect(await Promise.all([from(stack.namespace), from('default')])).toEqual(['asked', 'asked']);
});

test('destroy leaves nothing', async () => {
  expect(await namespaces()).toContain(stack.namespace);
  await stack.configure({ allowDestroy: true });
  const gone = await stack.pulumi('destroy', '--yes', '--skip-preview', '--non-interactive');
  expect(gone.code, gone.output).toBe(0);
  expect(await namespaces()).not.toContain(stack.namespace);
});

const namespaces = () => cluster.kubectl('get', 'namespaces', '--output=name');

const pods = (path: string) =>
  cluster.kubectl(
    'get',
    'pods',
    `--namespace=${stack.namespace}`,
    '--field-selector=status.phase=Running',
    `--output=jsonpath=${path}`,
  );
