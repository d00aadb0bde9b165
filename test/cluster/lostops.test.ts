import { afterAll, beforeAll, expect, test } from 'vitest';
import { planCluster } from '../../src/clouds/local/cluster/images.ts';
import { firstNode } from '../../src/clouds/local/cluster/node.ts';
import { startCluster } from '../../src/clouds/local/cluster/start.ts';
import { workerNode } from '../../src/clouds/local/cluster/worker.ts';
import { secrets as every } from '../../systems/lostops/test/e2e/secrets.ts';
import { berthOn } from '../e2e/berth.ts';
import { type Client, clientThatTrusts, eventually } from '../e2e/client.ts';
import { openPorts } from '../e2e/reach.ts';
import { stdoutOf } from '../e2e/stack.ts';
import { ownCluster, roots, type TestCluster } from './cluster.ts';
import { scanFrom } from './page.ts';
import { type ClusterStack, clusterStack } from './stack.ts';

// Lostops in a cluster whose pods, workloads and nodes go; each test continues from the state of the one before
const { appKey, databasePassword, databaseRootPassword, exporterPassword } = every;
const secrets = { appKey, databasePassword, databaseRootPassword, exporterPassword };
const host = 'app.lostops.berth.test';
let cluster: TestCluster & { remove(): Promise<unknown> };
let stack: ClusterStack;
let site: Client;

beforeAll(async () => {
  cluster = await ownCluster('lostops');
  stack = await clusterStack(cluster, {
    name: 'lostops',
    entry: {
      ...{ version: '1.0.0', domain: 'lostops.berth.test', contact: 'ops@berth.test' },
      ...{ workers: {}, scheduler: true, database: { volumeGb: 10 }, app: { schedule: hoursThatAreFarOff() } },
    },
    secrets,
    settings: { startSeconds: 60 },
  });
  site = clientThatTrusts(await roots(cluster), cluster.address, host);
});
afterAll(async () => {
  site?.close();
  await stack?.remove();
  await cluster?.remove();
});

/** No clock starts or stops the application during a test */
function hoursThatAreFarOff() {
  const hour = (more: number) => `${String((new Date().getUTCHours() + more) % 24).padStart(2, '0')}:30`;
  const [stop, start] = [hour(11), hour(12)];
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  return start > stop ? { days, start: stop, stop: start, zone: 'UTC' } : { days, start, stop, zone: 'UTC' };
}

const own = async (...words: string[]) => (await cluster.kubectl(...words, `--namespace=${stack.namespace}`)).trim();
const count = async () => Number((await site.getAnew('/counter')).body);
const version = async () => (await site.getAnew('/health')).body;
/** The database may have just come back */
const more = () =>
  eventually(
    30,
    () => site.post('/counter', { name: 'one', data: Buffer.from('more') }),
    ({ status }) => status === 200,
  );
/** Expects the counter to have a value again once its database is back */
const counts = async (value: number) => expect(await eventually(120, count, (found) => found === value)).toBe(value);

test('from nothing, it migrates and answers from its database', async () => {
  const made = await stack.up();
  expect(made.code, made.output).toBe(0);
  expect(await eventually(60, version, (body) => body === '1.0.0')).toBe('1.0.0');
  for (let number = 0; number < 3; number += 1) await more();
  expect(await count()).toBe(3);
});

test('no secret is in its state, nor in any object but Secrets', async () => {
  const kinds = (await cluster.kubectl('api-resources', '--namespaced', '--verbs=list', '--output=name'))
    .trim()
    .split('\n');
  const others = kinds.filter((kind) => kind !== 'secrets').join(',');
  const texts = [await own('get', others, '--output=yaml'), await stack.state()];
  expect(texts[0]).toContain('kind: StatefulSet');
  for (const text of texts) for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);
});

test('from pods of three namespaces, the ports that answer are those that the matrix opens', async () => {
  const open = await openPorts(stack);
  for (const to of ['app', 'database']) {
    const selector = `--selector=app.kubernetes.io/component=${to}`;
    const address = (await own('get', 'pods', selector, '--output=jsonpath={.items[0].status.podIP}')).trim();
    const scan = (namespace: string, name: string, labels = {}) =>
      scanFrom(cluster, namespace, `${name}-${to}`, address, labels);
    // What the internet reaches is reached through the ingress
    expect(await scan('ingress', 'ingress'), `from the ingress to ${to}`).toEqual(open('internet', to));
    expect(await scan('default', 'stranger'), `from a stranger to ${to}`).toEqual([]);
    expect(await scan(stack.namespace, 'within'), `from a pod of no role to ${to}`).toEqual([]);
    const fromApp = open('app', to).filter((port) => !open('internet', to).includes(port));
    expect(await scan(stack.namespace, 'app', { 'berth/job-of': 'app' }), `from the app to ${to}`).toEqual(
      to === 'app' ? [] : fromApp,
    );
  }
});

test('a migration that fails ends the release with its last lines, and the former one serves on; the next mends it', async () => {
  await stack.configure({ version: '1.0.1', env: { MIGRATION_FAILS: 'yes' } });
  const refused = await stack.up();
  expect(refused.code, refused.output).not.toBe(0);
  expect(refused.output).toContain('app-migrate');
  expect(refused.output).not.toContain(databasePassword);
  expect(await version()).toBe('1.0.0');
  await stack.configure({ env: undefined });
  const mended = await stack.up();
  expect(mended.code, mended.output).toBe(0);
  expect(await eventually(20, version, (body) => body === '1.0.1')).toBe('1.0.1');
  expect(await count()).toBe(3);
});

test('a job that is asked for says what it does, and leaves nothing', async () => {
  const run = await berthOn(stack, ['run', stack.place.stack, 'lostops', 'migrate']);
  expect({ code: run.code, stdout: run.stdout }, run.stderr).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('migrated to 1.0.1'),
  });
  expect(await own('get', 'jobs', '--output=name')).not.toContain('asked');
});

test('a command beside the application has its image, its settings and its database, and its code is the end of it', async () => {
  const words = ['run', stack.place.stack, 'lostops', 'app', '--', 'sh', '-c', 'cat VERSION; echo " $DB_HOST"; exit 7'];
  expect(await berthOn(stack, words)).toMatchObject({ code: 7, stdout: expect.stringMatching(/^1\.0\.1 database-0/) });
});

test('what its hours do by the clock stops and starts its pods', async () => {
  const replicas = () => own('get', 'deployment', 'app', '--output=jsonpath={.status.readyReplicas}');
  for (const [what, ready] of [
    ['stop', ''],
    ['start', '1'],
  ] as const) {
    await own('create', 'job', `--from=cronjob/app-${what}`, `now-${what}`);
    expect(await eventually(60, replicas, (found) => found === ready)).toBe(ready);
  }
  expect(await eventually(20, version, (body) => body === '1.0.1')).toBe('1.0.1');
});

test('what somebody has changed by hand is told, and the next deployment mends it', async () => {
  const berth = (command: string) => berthOn(stack, [command, stack.place.stack]);
  expect(await berth('drift')).toMatchObject({ code: 0 });
  await own('patch', 'networkpolicy', 'to-database', '--type=json', '--patch=[{"op":"remove","path":"/spec/ingress"}]');
  const told = await berth('drift');
  expect(told.code, told.stdout + told.stderr).not.toBe(0);
  expect(told.stdout).toContain('to-database');
  const mended = await stack.up('--refresh');
  expect(mended.code, mended.output).toBe(0);
  expect(await own('get', 'networkpolicy', 'to-database', '--output=jsonpath={.spec.ingress}')).toContain('3306');
  const status = await berth('status');
  expect(status.stdout).toMatch(/lostops .*1\.0\.1/);
});

test('the counter survives the deletion of its pod', async () => {
  await own('delete', 'pod', 'database-0');
  await counts(3);
});

test('it survives the deletion of its StatefulSet, which the next deployment makes again', async () => {
  await own('delete', 'statefulset', 'database');
  const again = await stack.up('--refresh');
  expect(again.code, again.output).toBe(0);
  await counts(3);
});

test('it survives the end of the node that it is on', async () => {
  await cluster.kubectl('cordon', firstNode);
  await own('delete', 'pod', 'database-0');
  await own('wait', '--for=condition=Ready', 'pod/database-0', '--timeout=120s');
  expect(await own('get', 'pod', 'database-0', '--output=jsonpath={.spec.nodeName}')).toBe(workerNode);
  await cluster.kubectl('uncordon', firstNode);
  await stdoutOf('docker', ['rm', '--force', `${cluster.network}-worker`]);
  await cluster.kubectl('delete', 'node', workerNode);
  await counts(3);
  expect(await own('get', 'pod', 'database-0', '--output=jsonpath={.spec.nodeName}')).toBe(firstNode);
});

test('a second node comes back', async () => {
  const { prepared } = await planCluster();
  await startCluster(cluster.place, prepared(), () => undefined, 2);
  expect(await cluster.kubectl('get', 'nodes', '--output=name')).toBe(`node/${firstNode}\nnode/${workerNode}\n`);
});

test('destroy is refused while its data is protected; without protection it leaves the volume, which is named', async () => {
  const { output } = await stack.pulumi('stack', 'output', '--json');
  const volume = JSON.parse(output).systems.lostops.cluster.volumes['data-database-0'];
  const destroy = () => stack.pulumi('destroy', '--yes', '--non-interactive');
  const refused = await destroy();
  expect(refused.code, refused.output).not.toBe(0);
  expect(refused.output).toContain('protected');
  await counts(3);
  const unprotected = await stack.pulumi('state', 'unprotect', '--all', '--yes');
  expect(unprotected.code, unprotected.output).toBe(0);
  const gone = await destroy();
  expect(gone.code, gone.output).toBe(0);
  expect(await cluster.kubectl('get', 'namespaces', '--output=name')).not.toContain(stack.namespace);
  const left = '--output=jsonpath={range .items[*]}{.metadata.name} {.status.phase}{end}';
  expect((await cluster.kubectl('get', 'persistentvolumes', left)).trim()).toBe(`${volume} Released`);
});
