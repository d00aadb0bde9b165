import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Place } from '../../systems/mad/test/e2e/fleet/beside.ts';
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
let place: Place;
let groups: Group[] = [];

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
  place = { stack: cluster, hosts: { [domain]: cluster.address }, roots: file };
  await visitors('first');
});
afterAll(async () => {
  await Promise.all(groups.map((group) => group.close()));
  api?.close();
  await stack?.remove();
});

/** More visitors, by websockets and otherwise */
async function visitors(kind: string): Promise<Group> {
  const group = await startGroup(place, [
    { kind: `${kind}-websocket`, count: 30, transports: ['websocket'], tells: true },
    { kind: `${kind}-both`, count: 10, transports: ['polling', 'websocket'], tells: true },
  ]);
  groups = [...groups, group];
  await group.allConnected(60);
  return group;
}

/** Expects every visitor to be connected, and to have a record */
async function allBack(): Promise<void> {
  for (const group of groups) await group.allConnected(90);
  const answer = await eventually(
    20,
    () => api.getAnew('/clients'),
    ({ status }) => status === 200,
  );
  const recorded = (JSON.parse(answer.body) as { id: string }[]).map(({ id }) => id);
  expect(recorded).toEqual(expect.arrayContaining(groups.flatMap(({ ids }) => ids)));
}

/** Ten requests a second while the work is done, none of which may fail */
async function underLoad(work: () => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  const traffic = atRate(10, async () => {
    const answer = await api.getAnew('/whoami').catch((error) => ({ status: 0, headers: {}, body: String(error) }));
    if (answer.status !== 200) failures.push([new Date().toISOString(), answer]);
  });
  await work().finally(() => traffic.stop());
  expect(failures).toEqual([]);
}

test('from two pods to five and back, no request fails and every visitor is back', async () => {
  let later: Group | undefined;
  await underLoad(async () => {
    for (const count of [5, 2]) {
      await stack.configure({ api: { count } });
      const scaled = await stack.up();
      expect(scaled.code, scaled.output).toBe(0);
      const running = ['get', 'pods', `--namespace=${stack.namespace}`, '--selector=app.kubernetes.io/component=api'];
      const names = async () => (await cluster.kubectl(...running, '--output=name')).trim().split('\n');
      expect(await eventually(60, names, (pods) => pods.length === count)).toHaveLength(count);
      await allBack();
      if (count === 5) later = await visitors('later');
    }
  });
  const { instances, drops } = (await later?.report()) ?? { instances: {}, drops: 0 };
  expect(Object.keys(instances).sort()).toEqual(['api-0', 'api-1']);
  // Those of the pods that went came back by themselves
  expect(drops).toBeGreaterThan(0);
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
    await stack.configure({ versions: { api: 'v9.9.9' } });
    const refused = await stack.up();
    expect(refused.code, refused.output).not.toBe(0);
    expect(refused.output).toMatch(/container api of api-1 does not start: \w+: .*mad-api:v9\.9\.9/);
    expect(refused.output).not.toContain(password);
    await stack.configure({ versions: { api: 'v1.0.1' } });
    const mended = await stack.up();
    expect(mended.code, mended.output).toBe(0);
    await allBack();
  });
});
