import { describe, expect, test } from 'vitest';
import { at, findings, listAt } from '../../src/policy/policy.ts';
import type { DeclaredResource } from '../../src/policy/recorded.ts';
import { expectSameNames, type Run, run } from './matrixStacks.ts';
import { deployKey, environments, given, policies, read, stackOf, withSecrets } from './samples.ts';
import { isSealed, plainTexts, secretsOf } from './seals.ts';

const runs: Record<string, Run> = {};

describe.each(['basegun', 'lostops', 'mad'] as const)('%s in a cluster', (system) => {
  const stack = withSecrets(stackOf(system, 'kubernetes'));
  const runOf = (environment: string): Run => runs[`${system} ${environment}`] ?? { declared: [], planned: [] };

  test.each(environments)(
    'is delivered to %s: a workload for each role, and none of them has a machine',
    async (name) => {
      runs[`${system} ${name}`] = await run(stack, name);
      const [blueprint] = read(stack, name).blueprints;
      const workloads = runOf(name).declared.filter(isWorkload);
      expect(workloads.map((one) => `${system}-${nameOf(one)}`).sort()).toEqual(
        Object.keys(blueprint?.roles ?? {})
          .map((role) => `${system}-${role}`)
          .sort(),
      );
      expect(runOf(name).declared.filter(({ type }) => type.startsWith('command:'))).toEqual([]);
    },
  );

  test('has the same names in every environment: another one is a decision', () => expectSameNames(runOf));

  test('everything is a child of its system and named after it, and comes by the providers of the stack', () => {
    for (const { type, name, options, provider } of runOf('prod').declared) {
      if (type === 'berth:index:System' || type === 'pulumi:providers:kubernetes' || !options) continue;
      expect(name.startsWith(`${system}-`), name).toBe(true);
      expect(options.parent, `${type} ${name}`).toMatch(new RegExp(`::berth:index:System::${system}$`));
      if (!type.startsWith('kubernetes:')) expect(type).toMatch(/^(tls|pulumi):/);
      else expect(provider, name).toMatch(isContent(type) ? /::cluster-contents::/ : /::cluster::/);
    }
  });

  test('everything stands in a namespace of its own, with which it goes', () => {
    for (const { type, name, inputs, options } of runOf('prod').declared.filter(inCluster)) {
      if (ofCluster.has(type) || !options) continue;
      expect(at(inputs, 'metadata', 'namespace'), name).toBe(`${system}-prod`);
      expect(options.deletedWith, name).toMatch(/:core\/v1:Namespace::/);
    }
  });

  test('what holds data is protected and outlives the program, and what a way back needs stays', () => {
    for (const { type, name, options } of runOf('prod').declared.filter(({ options }) => options)) {
      const data = type === 'kubernetes:core/v1:PersistentVolumeClaim';
      expect([name, options.protect], name).toEqual([name, data]);
      expect([name, options.retainOnDelete], name).toEqual([name, data || isContent(type) || type === volume]);
    }
  });

  test('no secret is anywhere but in a seal, and every Secret has one', () => {
    const secrets = secretsOf(stack);
    const told = runOf('prod').declared.flatMap(({ name, inputs }) =>
      plainTexts(inputs)
        .filter((text) => secrets.some((secret) => secret.test(text)))
        .map((text) => `${name}: ${text}`),
    );
    expect(told).toEqual([]);
    const sealed = runOf('prod').declared.filter(({ type }) => type === 'kubernetes:core/v1:Secret');
    expect(sealed.length).toBeGreaterThan(0);
    for (const { inputs } of sealed) expect(isSealed(inputs.stringData)).toBe(true);
  });

  test('scanners find nothing that is not meant', () => {
    for (const environment of environments)
      expect(findings(runOf(environment).planned, policies).filter(({ why }) => why === undefined)).toEqual([]);
  });
});

test('new pods serve before old ones stop, and what stops is told before', () => {
  const web = resource('basegun prod', 'apps/v1:Deployment', 'basegun-web');
  expect(at(web.inputs, 'spec', 'strategy')).toEqual({
    type: 'RollingUpdate',
    rollingUpdate: { maxUnavailable: 0, maxSurge: 1 },
  });
  const containers = listAt(web.inputs, 'spec', 'template', 'spec', 'containers');
  expect(containers.map((one) => at(one, 'name'))).toEqual(['backend', 'frontend']);
  for (const one of containers) {
    expect(at(one, 'readinessProbe', 'httpGet', 'port')).toBe(at(one, 'ports', 0, 'containerPort'));
    expect(at(one, 'lifecycle', 'preStop')).toEqual({ sleep: { seconds: 5 } });
  }
});

test('volumes of claims stay when these go: most classes would delete them', () => {
  const { inputs } = resource('lostops prod', 'core/v1:PersistentVolumePatch', 'lostops-data-database-0-volume');
  expect(at(inputs, 'spec')).toEqual({ persistentVolumeReclaimPolicy: 'Retain' });
});

test('a migration ends before the pods of its release start, and begins when the database answers', () => {
  const job = resource('lostops prod', 'batch/v1:Job', 'lostops-app-migrate');
  const app = resource('lostops prod', 'apps/v1:Deployment', 'lostops-app');
  const database = resource('lostops prod', 'apps/v1:StatefulSet', 'lostops-database');
  expect(app.options.dependsOn.some((urn) => urn.endsWith(`::${job.name}`))).toBe(true);
  expect(job.options.dependsOn.some((urn) => urn.endsWith(`::${database.name}`))).toBe(true);
});

test('who is called by name is a member: its name stays when its pod is another', () => {
  const api = resource('mad prod', 'apps/v1:StatefulSet', 'mad-api');
  expect(at(api.inputs, 'spec', 'replicas')).toBe(2);
  for (const name of ['api-0', 'api-1'])
    expect(at(resource('mad prod', 'core/v1:Service', `mad-${name}`).inputs, 'spec', 'selector')).toMatchObject({
      'statefulset.kubernetes.io/pod-name': name,
    });
  const balancer = resource('mad prod', 'core/v1:ConfigMap', 'mad-balancer-nginx');
  expect(at(balancer.inputs, 'data', 'nginx.conf')).toContain('server api-1:3000 max_fails=3');
});

test('an edge inside the system is a port of its Service, and leads to the container behind it', () => {
  const { inputs } = resource('mad prod', 'core/v1:Service', 'mad-web');
  expect(listAt(inputs, 'spec', 'ports')).toEqual([{ name: 'p80', port: 80, targetPort: 8080 }]);
  const front = resource('mad prod', 'networking.k8s.io/v1:Ingress', 'mad-front');
  expect(at(front.inputs, 'spec', 'rules', 0, 'http', 'paths', 0, 'backend')).toEqual({
    service: { name: 'web', port: { number: 80 } },
  });
});

test.each(environments)(
  'programs of a commit have no image: Catalogage is refused in %s, with the way',
  async (name) => {
    const stack = stackOf('catalogage', 'kubernetes', { 'berth:secrets': { deployKey, 'kubernetes/kubeconfig': 'x' } });
    expect(String(await run(stack, name).catch(({ message }) => message))).toMatch(
      /berth:systems\.catalogage\.web\n +runs [\w, ]+ from a git commit, and a pod runs images\n +fix: choose a cloud of machines, or name images: with the same build/,
    );
  },
);

test('with images of its programs, Catalogage runs in a cluster whose gateway strips prefixes', async () => {
  const gateway = { name: 'public', namespace: 'gateways', listener: 'https' };
  const images = { server: 'registry.test/catalogage-server:1.0.0', client: 'registry.test/catalogage-client:1.0.0' };
  const clouds = { 'berth:clouds': { kubernetes: { ...given, gateway } } };
  const { declared } = await run(withSecrets(stackOf('catalogage', 'kubernetes', clouds, { images })), 'prod');
  const of = (type: string) => declared.filter((one) => one.type === `kubernetes:${type}`);
  const containers = listAt(of('apps/v1:Deployment')[0]?.inputs, 'spec', 'template', 'spec', 'containers');
  expect(containers.map((one) => [at(one, 'image'), at(one, 'command'), at(one, 'args')])).toEqual([
    [images.server, ['venv/bin/python'], ['-m', 'server.main']],
    [images.client, ['sh'], ['-c', 'cd "$0" && exec "$@"', 'client', 'node', './build']],
  ]);
  expect(listAt(containers[0], 'env')).toContainEqual({ name: 'APP_PORT', value: '3579' });
  expect(listAt(containers[0], 'env')).toContainEqual({ name: 'APP_HOST', value: '0.0.0.0' });
  const [job] = of('batch/v1:Job');
  expect(at(job?.inputs, 'spec', 'template', 'spec', 'containers', 0, 'image')).toBe(images.server);
  const [route] = of('gateway.networking.k8s.io/v1:HTTPRoute');
  const rules = listAt(route?.inputs, 'spec', 'rules');
  expect(rules.map((one) => [at(one, 'matches', 0, 'path', 'value'), at(one, 'filters', 0, 'type')])).toEqual([
    ['/', undefined],
    ['/api/', 'URLRewrite'],
  ]);
  expect(rules.map((one) => at(one, 'backendRefs', 0, 'port'))).toEqual([3000, 3579]);
});

const project = 'fedcba9876543210fedcba9876543210';
const atOvh = (system: 'basegun' | 'mad') =>
  withSecrets(
    stackOf(system, 'kubernetes', { 'berth:clouds': { kubernetes: { issuer: 'letsencrypt', managed, ...given } } }),
  );
const managed = { project, region: 'GRA9', nodes: { flavor: 'b3-8', min: 2, max: 5 } };

test('a managed cluster is made once for all systems, and its kubeconfig is a secret that flows to the providers that they share', async () => {
  const [one, other] = [atOvh('basegun'), atOvh('mad')];
  const both = ['berth:systems', 'berth:secrets'].map((key) => [
    key,
    { ...(one.config[key] as object), ...(other.config[key] as object) },
  ]);
  const { declared } = await run({ ...one, config: { ...one.config, ...Object.fromEntries(both) } }, 'prod');
  const of = (type: string) => declared.filter((one) => one.type === type);
  const [cluster, ...others] = of('ovh:CloudProject/kube:Kube');
  expect(others).toEqual([]);
  expect(cluster?.inputs).toMatchObject({ serviceName: project, region: 'GRA9', name: 'berth-prod' });
  expect(cluster?.options).toMatchObject({ protect: true });
  const [pool] = of('ovh:CloudProject/kubeNodePool:KubeNodePool');
  expect(pool?.inputs).toMatchObject({
    ...{
      flavorName: 'b3-8',
      autoscale: true,
      minNodes: 2,
      maxNodes: 5,
      desiredNodes: 2,
      kubeId: `${cluster?.name}-id`,
    },
  });
  const providers = of('pulumi:providers:kubernetes');
  expect(providers.map(({ name }) => name).sort()).toEqual(['cluster', 'cluster-contents']);
  for (const { inputs } of providers) expect(isSealed(inputs.kubeconfig)).toBe(true);
});

test("a managed cluster wants OVH's login, and no kubeconfig", async () => {
  const stack = atOvh('basegun');
  const message = await run(stack, 'prod', { without: ['OVH_CLIENT_ID', 'OVH_CLIENT_SECRET'] }).catch(
    (error: Error) => error.message,
  );
  expect(message).toMatch(/OVH_CLIENT_ID\n +is missing: the service account's id, for basegun/);
  expect(Object.keys(stack.config['berth:secrets'] as object)).not.toContain('kubernetes/kubeconfig');
});

test('a number of pods that follows the load is left as it is', async () => {
  const stack = stackOf('basegun', 'kubernetes', {}, { web: { replicas: { min: 2, max: 5 } } });
  const { declared } = await run(withSecrets(stack), 'prod');
  const find = (name: string) => declared.find(({ type }) => type.endsWith(`:${name}`));
  expect(at(find('HorizontalPodAutoscaler')?.inputs, 'spec')).toMatchObject({ minReplicas: 2, maxReplicas: 5 });
  expect(find('Deployment')?.options).toMatchObject({ ignoreChanges: ['spec.replicas'] });
});

test('without protection, data goes with its claim', async () => {
  const { declared } = await run(withSecrets(stackOf('lostops', 'kubernetes', {}, { allowDestroy: true })), 'prod');
  expect(declared.filter(({ options }) => options?.protect)).toEqual([]);
  const policies = declared.filter(({ type }) => type === volume).map(({ inputs }) => at(inputs, 'spec'));
  expect(policies).toEqual([{ persistentVolumeReclaimPolicy: 'Delete' }]);
});

const volume = 'kubernetes:core/v1:PersistentVolumePatch';
/** Objects that stand in no namespace */
const ofCluster = new Set(['kubernetes:core/v1:Namespace', volume]);

const inCluster = ({ type }: DeclaredResource): boolean => type.startsWith('kubernetes:');
const isWorkload = ({ type }: DeclaredResource): boolean => /:apps\/v1:(Deployment|StatefulSet)$/.test(type);
const isContent = (type: string): boolean => /^kubernetes:core\/v1:(ConfigMap|Secret)$/.test(type);
const nameOf = ({ inputs }: DeclaredResource): unknown => at(inputs, 'metadata', 'name');

function resource(of: string, type: string, name: string): DeclaredResource {
  const found = runs[of]?.declared.find((one) => one.type === `kubernetes:${type}` && one.name === name);
  if (!found) throw new Error(`${of} declares no ${type} ${name}`);
  return found;
}
