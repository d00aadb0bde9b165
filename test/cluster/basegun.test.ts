import { afterAll, beforeAll, expect, test } from 'vitest';
import { firstNode } from '../../src/clouds/local/cluster/node.ts';
import { workerNode } from '../../src/clouds/local/cluster/worker.ts';
import { type Client, clientThatTrusts, eventually, picture } from '../e2e/client.ts';
import { type LoadResult, load } from '../e2e/load.ts';
import { stdoutOf } from '../e2e/stack.ts';
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
    settings: { startSeconds: 20 },
  });
  client = clientThatTrusts(await roots(cluster), cluster.address, domain);
});
afterAll(async () => {
  client?.close();
  await stack?.remove();
});

const version = () => client.getAnew('/api/version');

/** Requests that were sent while something was done to the system */
let sent = 0;

/** Sends 100 requests a second, pictures among them, while the work is done. None of them may fail. */
async function underLoad(work: () => Promise<void>): Promise<LoadResult> {
  const traffic = load(client, 100);
  await work().catch(async (error) => {
    await traffic.stop();
    throw error;
  });
  const result = await traffic.stop();
  sent += result.requests;
  expect(result.failures).toEqual([]);
  return result;
}

test('from nothing, the site answers by TLS with a certificate of its authority, and takes a picture', async () => {
  const made = await stack.up();
  expect(made.code, made.output).toBe(0);
  const answer = await eventually(60, version, ({ status }) => status === 200);
  expect(answer).toMatchObject({ status: 200, body: '3.3.0' });
  expect((await client.get('/')).status).toBe(200);
  expect((await client.post('/api/upload', { name: 'photo.bmp', data: picture() })).status).toBe(200);
  const { host = '', port = 0 } = stack.given.logStreams.app ?? {};
  const search = `http://${host}:${port}/ldp-logs/_search?q=short_message:"Upload to OVH successful"`;
  const logged = await eventually(
    30,
    async () => JSON.parse(await stdoutOf('curl', ['--silent', encodeURI(search)])).hits?.hits[0]?._source,
    (line) => line?._bg_version === '3.3.0',
  );
  expect(logged).toMatchObject({ 'X-OVH-TOKEN': expect.stringMatching(/^\w{20,}$/), _bg_version: '3.3.0' });
  expect(await stack.state()).not.toContain(cluster.kubeconfig.slice(-60).trim());
});

test('a second up changes nothing', async () => {
  const again = await stack.up('--expect-no-changes');
  expect(again.code, again.output).toBe(0);
});

test('a new version under 100 requests a second fails none of them', async () => {
  const { requests, versions, p99Milliseconds } = await underLoad(async () => {
    await stack.configure({ version: '3.3.1' });
    const rolled = await stack.up();
    expect(rolled.code, rolled.output).toBe(0);
    await eventually(10, version, ({ body }) => body === '3.3.1');
    console.log(`a new version in ${rolled.seconds.toFixed(1)} s`);
  });
  console.log(`${requests} requests, 99 % within ${Math.round(p99Milliseconds)} ms`);
  expect(versions).toEqual(['3.3.0', '3.3.1']);
});

test('a release that never becomes healthy is told with the reason of its pod, fails no request, and is mended by the next', async () => {
  await underLoad(async () => {
    await stack.configure({ version: '3.3.0', env: { BERTH_FAULT: 'unhealthy' } });
    const refused = await stack.up();
    expect(refused.code, refused.output).not.toBe(0);
    expect(refused.output).toMatch(/containers with unready status: \[backend\]/);
    expect((await version()).body).toBe('3.3.1');
    await stack.configure({ env: undefined });
    const mended = await stack.up();
    expect(mended.code, mended.output).toBe(0);
    await eventually(10, version, ({ body }) => body === '3.3.0');
  });
});

test('a pod is deleted and a node is drained: no request fails', async () => {
  const onNodes = async () => [...new Set((await pods('{.items[*].spec.nodeName}')).trim().split(' '))].sort();
  expect(await onNodes()).toEqual([firstNode, workerNode]);
  const served = () => cluster.kubectl('rollout', 'status', own, '--timeout=90s', 'deployment/web');
  const own = `--namespace=${stack.namespace}`;
  await underLoad(async () => {
    const [pod = ''] = (await pods('{.items[*].metadata.name}')).trim().split(' ');
    await cluster.kubectl('delete', 'pod', pod, own);
    await served();
    // Pods of other tests stay where they are
    const chosen = [
      '--ignore-daemonsets',
      '--delete-emptydir-data',
      '--pod-selector=app.kubernetes.io/part-of=basegun',
    ];
    await cluster.kubectl('drain', workerNode, ...chosen, '--timeout=120s');
    await served();
    expect(await onNodes()).toEqual([firstNode]);
    await cluster.kubectl('uncordon', workerNode);
  });
  expect(sent).toBeGreaterThan(10_000);
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
