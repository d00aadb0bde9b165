import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Group, startGroup } from '../../systems/mad/test/e2e/fleet/group.ts';
import { atRate } from '../e2e/atRate.ts';
import { type Client, clientThatTrusts, eventually } from '../e2e/client.ts';
import { roots, type TestCluster, testCluster } from './cluster.ts';
import { type ClusterStack, clusterStack } from './stack.ts';

// Mad's API in a cluster, with its visitors; each test continues from the state of the one before
const domain = 'api.mad.localhost';
const password = 'mad-in-a-cluster-0123456789abcdef';
let cluster: TestCluster;
let stack: ClusterStack;
let api: Client;
let visitors: Group;

beforeAll(async () => {
  cluster = await testCluster();
  stack = await clusterStack(cluster, {
    name: 'mad',
    entry: {
      ...{ version: 'v1.0.0', contact: 'ops@berth.test', domains: { api: domain, web: 'mad.localhost' } },
      ...{ api: { count: 2 }, balancer: {}, web: {}, client: {}, redis: {} },
    },
    secrets: { redisPassword: password },
    settings: { startSeconds: 15 },
  });
  const made = await stack.up();
  expect(made.code, made.output).toBe(0);
  const ca = await roots(cluster);
  api = clientThatTrusts(ca, cluster.address, domain);
  await eventually(
    60,
    () => api.getAnew('/version'),
    ({ status }) => status === 200,
  );
  const file = join(stack.place.folder, 'roots.pem');
  await writeFile(file, ca);
  visitors = await startGroup({ stack: cluster, hosts: { [domain]: cluster.address }, roots: file }, [
    { kind: 'websocket', count: 30, transports: ['websocket'], tells: true },
    { kind: 'both', count: 10, transports: ['polling', 'websocket'], tells: true },
  ]);
  await visitors.allConnected(60);
});
afterAll(async () => {
  await visitors?.close();
  api?.close();
  await stack?.remove();
});

/** Expects every visitor to be connected, and to have a record */
async function allBack(): Promise<void> {
  await visitors.allConnected(30);
  const recorded = (JSON.parse((await api.getAnew('/clients')).body) as { id: string }[]).map(({ id }) => id);
  expect(recorded).toEqual(expect.arrayContaining([...visitors.ids]));
}

/** Ten requests a second while the work is done, none of which may fail */
async function underLoad(work: () => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  const traffic = atRate(10, async () => {
    const { status, body } = await api.getAnew('/whoami').catch((error) => ({ status: 0, body: String(error) }));
    if (status !== 200) failures.push([status, body]);
  });
  await work().finally(() => traffic.stop());
  expect(failures).toEqual([]);
}

test('from two pods to five and back, no request fails and every visitor is back', async () => {
  await underLoad(async () => {
    for (const count of [5, 2]) {
      await stack.configure({ api: { count } });
      const scaled = await stack.up();
      expect(scaled.code, scaled.output).toBe(0);
      const running = ['get', 'pods', `--namespace=${stack.namespace}`, '--selector=app.kubernetes.io/component=api'];
      const names = async () => (await cluster.kubectl(...running, '--output=name')).trim().split('\n');
      expect(await eventually(60, names, (pods) => pods.length === count)).toHaveLength(count);
      await allBack();
    }
  });
  console.log(`${JSON.stringify(await visitors.report())}`);
});

test('a new version fails no request, and every visitor is back', async () => {
  await underLoad(async () => {
    await stack.configure({ versions: { api: 'v1.0.1' } });
    const released = await stack.up();
    expect(released.code, released.output).toBe(0);
    await eventually(
      20,
      () => api.getAnew('/version'),
      ({ body }) => body === 'v1.0.1',
    );
    await allBack();
  });
  expect((await api.getAnew('/version')).body).toBe('v1.0.1');
});

test('an image that does not exist is told with what the cluster says of it; the former pods serve on, and the next release mends it', async () => {
  await underLoad(async () => {
    await stack.configure({ versions: { api: 'v1.0.1', web: 'v9.9.9' } });
    const refused = await stack.up();
    expect(refused.code, refused.output).not.toBe(0);
    expect(refused.output).toMatch(/mad-web:v9\.9\.9/);
    expect(refused.output).not.toContain(password);
    await stack.configure({ versions: { api: 'v1.0.1' } });
    const mended = await stack.up();
    expect(mended.code, mended.output).toBe(0);
  });
});
