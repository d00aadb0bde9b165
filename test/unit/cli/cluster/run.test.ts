import { afterEach, expect, test, vi } from 'vitest';
import { runInPods } from '../../../../src/cli/cluster/run.ts';
import { pretendCluster } from './pretend.ts';

afterEach(() => vi.restoreAllMocks());

const cronJobs = '/apis/batch/v1/namespaces/shop-prod/cronjobs';
const jobs = '/apis/batch/v1/namespaces/shop-prod/jobs';

const step = (name: string) => ({ name, image: 'shop:1', env: [{ name: 'INTO', value: 'nowhere' }] });
const template = (...names: string[]) => ({
  metadata: { labels: { 'berth/job-of': 'web', 'batch.kubernetes.io/controller-uid': 'x', 'job-name': 'y' } },
  spec: { containers: names.map(step), restartPolicy: 'Never' },
});
const byClock = (...names: string[]) => ({
  spec: { jobTemplate: { spec: { activeDeadlineSeconds: 60, template: template(...names) } } },
});
const dump = { [`${cronJobs}/web-dump`]: byClock('dump-1', 'dump-2') };

/** Runs what is wanted in a pretend cluster */
async function ran(
  cluster: ReturnType<typeof pretendCluster>,
  wanted: Partial<Parameters<typeof runInPods>[1]> = {},
): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  const place = {
    access: cluster.access,
    namespace: 'shop-prod',
    workloads: { web: { kind: 'Deployment', name: 'web' }, database: { kind: 'StatefulSet', name: 'database' } },
  };
  const code = await runInPods(place, { role: 'web', what: 'dump', command: [], ...wanted }, (line) =>
    lines.push(line),
  );
  return { code, lines };
}

test('a job does what the live release has, tells what all of its steps write, and is removed', async () => {
  const cluster = pretendCluster(dump, { codes: [0, 0] });
  expect(await ran(cluster, { parameters: { INTO: 'copy' } })).toEqual({
    code: 0,
    lines: ['log of dump-1', 'log of dump-2'],
  });
  const [made] = cluster.posted;
  expect(made?.metadata.name).toBe('web-dump-asked');
  expect(made?.spec).toMatchObject({ backoffLimit: 0, activeDeadlineSeconds: 60, ttlSecondsAfterFinished: 3600 });
  expect(made?.spec.template.metadata.labels).toEqual({ 'berth/job-of': 'web' });
  for (const { env } of made?.spec.template.spec.containers ?? [])
    expect(env).toEqual([{ name: 'INTO', value: 'copy' }]);
  expect(cluster.removed).toEqual([`${jobs}/web-dump-asked`]);
});

test('its code is that of the step that failed first; 124 where its deadline ended it', async () => {
  expect((await ran(pretendCluster(dump, { codes: [3, 1] }))).code).toBe(3);
  expect((await ran(pretendCluster(dump, { codes: [0, 7] }))).code).toBe(7);
  expect((await ran(pretendCluster(dump, { codes: [1, 1], reason: 'DeadlineExceeded' }))).code).toBe(124);
});

const asked = (status: object) => ({
  metadata: { name: 'web-dump-asked', uid: 'u' },
  spec: byClock('a').spec.jobTemplate.spec,
  status,
});

test.each([
  ['when asked', { [`${jobs}/web-dump-asked`]: asked({ active: 1 }) }],
  [
    'by the clock',
    {
      [`${jobs}/web-dump-29`]: {
        ...asked({ active: 1 }),
        metadata: { name: 'web-dump-29', uid: 'u', ownerReferences: [{ name: 'web-dump' }] },
      },
    },
  ],
])('one that is under way %s is told with 75, and goes on', async (_, running) => {
  const cluster = pretendCluster({ ...dump, ...running });
  expect(await ran(cluster)).toEqual({ code: 75, lines: ['dump is already running'] });
  expect([cluster.posted, cluster.removed]).toEqual([[], []]);
});

test('one that nobody saw to its end is removed, and the next one runs', async () => {
  const left = asked({ conditions: [{ type: 'Failed', status: 'True' }] });
  const cluster = pretendCluster({ ...dump, [`${jobs}/web-dump-asked`]: left }, { codes: [0, 0] });
  expect((await ran(cluster)).code).toBe(0);
  expect(cluster.removed).toHaveLength(2);
});

test('the job of a release runs again as its last release had it', async () => {
  const release = (name: string, creationTimestamp: string, step: string) => ({
    metadata: { name, uid: name, creationTimestamp },
    spec: { template: template(step) },
  });
  const cluster = pretendCluster({
    [`${jobs}/web-migrate-0a1b2c`]: release('web-migrate-0a1b2c', '2026-01-02T00:00:00Z', 'new'),
    [`${jobs}/web-migrate-ffffff`]: release('web-migrate-ffffff', '2026-01-01T00:00:00Z', 'old'),
  });
  expect(await ran(cluster, { what: 'migrate' })).toEqual({ code: 0, lines: ['log of new'] });
});

const live = (...mounts: string[]) => ({
  spec: {
    template: {
      metadata: { labels: { 'app.kubernetes.io/component': 'web', 'app.kubernetes.io/part-of': 'shop' } },
      spec: {
        initContainers: [{ name: 'check-app', image: 'shop:1' }],
        containers: [
          {
            ...step('app'),
            readinessProbe: {},
            lifecycle: {},
            ports: [],
            volumeMounts: mounts.map((name) => ({ name, mountPath: `/${name}` })),
          },
          step('beside'),
        ],
        volumes: [{ name: 'app-config' }, { name: 'beside-config' }],
        topologySpreadConstraints: [{}],
        securityContext: { runAsNonRoot: true },
      },
    },
  },
});

test('a command runs beside a service: with its image and files, and no Service leads to it', async () => {
  const cluster = pretendCluster({ '/apis/apps/v1/namespaces/shop-prod/deployments/web': live('app-config') });
  expect((await ran(cluster, { what: 'app', command: ['env'] })).code).toBe(0);
  const [made] = cluster.posted;
  expect(made?.metadata.generateName).toBe('web-app-');
  expect(made?.spec.template.metadata.labels).toEqual({ 'app.kubernetes.io/part-of': 'shop', 'berth/job-of': 'web' });
  expect(made?.spec.template.spec).toEqual({
    containers: [
      {
        ...step('app'),
        ...{ command: ['env'], args: [] },
        volumeMounts: [{ name: 'app-config', mountPath: '/app-config' }],
      },
    ],
    volumes: [{ name: 'app-config' }],
    securityContext: { runAsNonRoot: true },
    restartPolicy: 'Never',
  });
  expect(cluster.removed).toEqual([`${jobs}/web-app-x1`]);
});

test('a command beside a database has its data, on the node that has the volume', async () => {
  const cluster = pretendCluster({ '/apis/apps/v1/namespaces/shop-prod/statefulsets/database': live('data') });
  await ran(cluster, { role: 'database', what: 'app', command: ['ls'] });
  const spec = cluster.posted[0]?.spec.template.spec;
  expect(spec?.volumes).toEqual([{ name: 'data', persistentVolumeClaim: { claimName: 'data-database-0' } }]);
  expect(JSON.stringify(spec?.affinity)).toContain('"statefulset.kubernetes.io/pod-name":"database-0"');
});

test('what the cluster refuses is told in its words, and nothing is left', async () => {
  const waiting = { reason: 'ImagePullBackOff', message: 'Back-off pulling image "shop:1"' };
  const cluster = pretendCluster(dump, { codes: [undefined, undefined], waiting });
  await expect(ran(cluster)).rejects.toThrow(
    'container dump-1 does not start: ImagePullBackOff: Back-off pulling image "shop:1"',
  );
  expect(cluster.removed).toEqual([`${jobs}/web-dump-asked`]);
  await expect(ran(pretendCluster({}))).rejects.toThrow('the live release has no job web-dump: deploy it');
  await expect(ran(pretendCluster({}), { what: 'app', command: ['env'] })).rejects.toThrow(
    'the cluster refuses: /apis/apps/v1/namespaces/shop-prod/deployments/web not found',
  );
});

test('a Job whose pod a quota refuses says so', async () => {
  let now = Date.now();
  vi.spyOn(Date, 'now').mockImplementation(() => (now += 15_000));
  const noPod = 'pods "web-dump-asked-x" is forbidden: exceeded quota: small';
  await expect(ran(pretendCluster(dump, { noPod }))).rejects.toThrow(`no pod was made for web-dump-asked: ${noPod}`);
});
