import { afterAll, beforeAll, expect, test } from 'vitest';
import { secrets } from '../../systems/lostops/test/e2e/secrets.ts';
import { atRate } from '../e2e/atRate.ts';
import { type Client, clientThatTrusts, eventually } from '../e2e/client.ts';
import { roots, type TestCluster, testCluster } from './cluster.ts';
import { type ClusterStack, clusterStack } from './stack.ts';

// A system with data in a real cluster; each test continues from the state of the one before
const domain = 'lostops.berth.test';
let cluster: TestCluster;
let stack: ClusterStack;
let site: Client;

beforeAll(async () => {
  cluster = await testCluster();
  const { appKey, databasePassword, databaseRootPassword, exporterPassword } = secrets;
  stack = await clusterStack(cluster, {
    name: 'lostops',
    entry: { version: '1.0.0', domain, contact: 'ops@berth.test', app: {}, database: {}, allowDestroy: true },
    secrets: { appKey, databasePassword, databaseRootPassword, exporterPassword },
  });
  site = clientThatTrusts(await roots(cluster), cluster.address, `app.${domain}`);
});
afterAll(async () => {
  site?.close();
  await stack?.remove();
});

const counted = (value: number) =>
  eventually(
    90,
    async () => Number((await site.get('/counter')).body),
    (found) => found === value,
  );
const inNamespace = (...words: string[]) => cluster.kubectl(...words, `--namespace=${stack.namespace}`);

test('the counter counts, and survives the deletion of the pod and of the StatefulSet that hold it', async () => {
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
  const before = await eventually(60, async () => Number((await site.get('/counter')).body), Number.isInteger);
  for (let more = 1; more <= 3; more += 1) await site.post('/counter', { name: 'one', data: Buffer.from('more') });
  await inNamespace('delete', 'pod', 'database-0');
  expect(await counted(before + 3)).toBe(before + 3);
  await inNamespace('delete', 'statefulset', 'database');
  const mended = await stack.up('--refresh');
  expect(mended.code, mended.output).toBe(0);
  expect(await counted(before + 3)).toBe(before + 3);
});

test('a migration that fails stops the rollout with its last lines, and the old version serves every request', async () => {
  const failures: unknown[] = [];
  const traffic = atRate(20, async () => {
    const { status, body } = await site.get('/health').catch((error) => ({ status: 0, body: String(error) }));
    if (status !== 200 || body !== '1.0.0') failures.push([status, body]);
  });
  await stack.configure({ version: '1.0.1', env: { MIGRATION_FAILS: 'yes' } });
  const refused = await stack.up();
  expect(await traffic.stop()).toBeGreaterThan(50);
  expect(refused.code, refused.output).not.toBe(0);
  expect(refused.output).not.toContain(secrets.databasePassword);
  expect(failures).toEqual([]);
  expect((await site.getAnew('/health')).body).toBe('1.0.0');
});

test('destroy leaves no namespace', async () => {
  const gone = await stack.pulumi('destroy', '--yes', '--skip-preview', '--non-interactive');
  expect(gone.code, gone.output).toBe(0);
  expect(await cluster.kubectl('get', 'namespaces', '--output=name')).not.toContain(stack.namespace);
});
