import { afterEach, expect, test, vi } from 'vitest';
import { obstacles } from '../../../../src/clouds/kubernetes/obstacles.ts';
import { type KubernetesSettings, settings } from '../../../../src/clouds/kubernetes/settings.ts';
import { ConfigError } from '../../../../src/config/error.ts';
import { authorityOf, certificateOf } from '../../../certificate.ts';
import { environment } from '../../../environment.ts';
import { read, stackOf } from '../../../stack/samples.ts';
import { type Held, kubeconfigOf, named, right, startCluster } from './cluster.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const stop of stops.splice(0)) stop();
});

/** What the reading of a cluster says, as people get it */
async function told(held: Held, own: Partial<KubernetesSettings> = {}, kubeconfig?: string): Promise<string> {
  const cluster = await startCluster(held);
  stops.push(cluster.stop);
  const { blueprints } = read(stackOf('lostops', 'kubernetes'), 'preprod');
  const clouds = { kubernetes: settings.parse({ issuer: 'letsencrypt', ...own }) as KubernetesSettings };
  const problems = await obstacles({ ...environment, clouds }, blueprints, {
    kubeconfig: kubeconfig ?? cluster.kubeconfig,
  });
  return problems.length === 0 ? '' : new ConfigError('the cluster', problems).message;
}

test('a cluster that has everything is no obstacle', async () => {
  expect(await told(right)).toBe('');
});

test('all that a cluster lacks is told at once, each with what it has', async () => {
  const own = { ingressClass: 'haproxy', ingressNamespace: 'edge', storageClass: 'tape', issuer: 'nobody' };
  const message = await told({ ...right, version: { major: '1', minor: '27+', gitVersion: 'v1.27.3' } }, own);
  expect(message).toMatchInlineSnapshot(`
    "the cluster: 5 problems, nothing was changed

      berth:clouds.kubernetes
        is a cluster of version v1.27.3, which is too old
        allowed: 1.30 or later
        fix: upgrade the cluster

      berth:clouds.kubernetes.ingressClass
        \`haproxy\` is no IngressClass of the cluster
        allowed: traefik, nginx
        fix: name one that the cluster has

      berth:clouds.kubernetes.ingressNamespace
        \`edge\` is no namespace of the cluster
        allowed: the namespace in which the ingress's pods run
        fix: name one that the cluster has

      berth:clouds.kubernetes.storageClass
        \`tape\` is no StorageClass of the cluster
        allowed: fast, slow
        fix: name one that the cluster has

      berth:clouds.kubernetes.issuer
        \`nobody\` is no ClusterIssuer of the cluster
        allowed: a ClusterIssuer of the cluster's cert-manager
        fix: name one that the cluster has"
  `);
});

test('rights that a login lacks are one message', async () => {
  expect(await told({ ...right, denied: ['namespaces', 'ingresses', 'persistentvolumes'] })).toMatch(
    /logs in as somebody who may not create namespaces, create ingresses in lostops-preprod, patch persistentvolumes\n/,
  );
});

test('without a class of its own, data wants a default class', async () => {
  const objects = { ...right.objects, '/apis/storage.k8s.io/v1/storageclasses': { items: [named('slow')] } };
  expect(await told({ ...right, objects })).toMatch(
    /storageClass\n +is missing: the cluster has no default StorageClass\n +allowed: slow/,
  );
});

test.each([
  ['without labels', {}],
  ['of another system', { labels: { 'app.kubernetes.io/managed-by': 'berth', 'app.kubernetes.io/part-of': 'mad' } }],
  [
    'of another environment',
    {
      labels: { 'app.kubernetes.io/managed-by': 'berth', 'app.kubernetes.io/part-of': 'lostops' },
      annotations: { 'berth/environment': 'prod' },
    },
  ],
])('a namespace %s is somebody else’s', async (_, metadata) => {
  const objects = { ...right.objects, '/api/v1/namespaces/lostops-preprod': named('lostops-preprod', metadata) };
  expect(await told({ ...right, objects })).toMatch(/the namespace lostops-preprod, which somebody else owns/);
});

test('the namespace of an earlier deployment is no obstacle', async () => {
  const own = {
    labels: { 'app.kubernetes.io/managed-by': 'berth', 'app.kubernetes.io/part-of': 'lostops' },
    annotations: { 'berth/environment': 'preprod' },
  };
  const objects = { ...right.objects, '/api/v1/namespaces/lostops-preprod': named('lostops-preprod', own) };
  expect(await told({ ...right, objects })).toBe('');
});

test('a number of pods that follows the load wants somebody who measures it', async () => {
  const cluster = await startCluster(right);
  stops.push(cluster.stop);
  const { blueprints } = read(
    stackOf('basegun', 'kubernetes', {}, { web: { replicas: { min: 2, max: 4 } } }),
    'preprod',
  );
  const clouds = { kubernetes: settings.parse({}) as KubernetesSettings };
  const found = await obstacles({ ...environment, clouds }, blueprints, { kubeconfig: cluster.kubeconfig });
  expect(found.map(({ path, message }) => `${path} ${message}`)).toEqual([
    'berth:systems.basegun.web.replicas follows the load, and nothing in the cluster measures it: it has no metrics server',
  ]);
});

const gatewayPath = '/apis/gateway.networking.k8s.io/v1/namespaces/gateways/gateways/public';
const all = { allowedRoutes: { namespaces: { from: 'All' } } };

test.each<[string, object | undefined, RegExp]>([
  ['no gateway', undefined, /gateway\.name\n +`public` is no Gateway in the namespace gateways/],
  [
    'no such listener',
    { name: 'http' },
    /gateway\.listener\n +`https` is no listener of the Gateway public\n +allowed: http/,
  ],
  ['one for its own namespace', { name: 'https' }, /`https` takes no routes of other namespaces than gateways/],
  ['one for all', { name: 'https', ...all }, /^$/],
])('of a gateway, %s is told before anything is made', async (_, listener, message) => {
  const gateway = { name: 'public', namespace: 'gateways', listener: 'https' };
  const objects = { ...right.objects, ...(listener && { [gatewayPath]: { spec: { listeners: [listener] } } }) };
  expect(await told({ ...right, objects }, { gateway, ingressClass: 'haproxy' })).toMatch(message);
});

const quotas = (hard: object, more: object = {}) => ({
  ...right.objects,
  '/api/v1/namespaces/lostops-preprod/resourcequotas': { items: [{ ...named('small'), spec: { hard, ...more } }] },
});

test('a quota that is too small for a release is one message, with all that it lacks', async () => {
  const objects = quotas({ pods: '2', 'limits.memory': '64Mi', 'requests.cpu': '100', services: '1' });
  const message = await told({ ...right, objects });
  expect(message).toMatch(
    /berth:systems\.lostops\n +asks for more than the quota small of the namespace lostops-preprod allows while pods are replaced: pods 2 where 3 is asked for, limits\.memory 64Mi where \d+Mi is asked for\n +fix: have the quota raised/,
  );
  expect(message).toContain('1 problem, nothing was changed');
});

test.each([
  ['of what is enough', quotas({ pods: '3', memory: '64Gi' })],
  ['of some pods alone', quotas({ pods: '1' }, { scopes: ['BestEffort'] })],
])('a quota %s is no obstacle', async (_, objects) => {
  expect(await told({ ...right, objects })).toBe('');
});

const client = certificateOf(['deployer'], 1);
const base64 = (text: string): string => Buffer.from(text).toString('base64');

test.each([
  ['text that is no kubeconfig', 'Hunter2-kubeconfig', /is no kubeconfig/],
  ['no YAML', '{ [', /is no kubeconfig: it is no YAML/],
  [
    'a server that does not answer',
    kubeconfigOf('https://127.0.0.1:1'),
    /leads to 127\.0\.0\.1:1, which does not answer/,
  ],
])('a kubeconfig with %s is one message', async (_, kubeconfig, message) => {
  const text = await told(right, {}, kubeconfig);
  expect(text).toMatch(message);
  expect(text).toContain('1 problem, nothing was changed');
  expect(text).not.toContain('Hunter2');
});

test('a kubeconfig whose certificate has ended says when', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * 86_400_000 });
  const user = { 'client-certificate-data': base64(client.certificate), 'client-key-data': base64(client.key) };
  const message = await told(right, {}, kubeconfigOf('https://127.0.0.1:1', user));
  expect(message).toMatch(/has a certificate that ended on \d{4}-\d\d-\d\d/);
});

test('a login that the cluster does not know, and a cluster that is another one, are one message each', async () => {
  const cluster = await startCluster(right);
  stops.push(cluster.stop);
  const server = /server: (\S+)/.exec(cluster.kubeconfig)?.[1] ?? '';
  expect(await told(right, {}, kubeconfigOf(server, { token: 'another' }))).toMatch(/is refused by 127\.0\.0\.1:\d+/);
  const another = authorityOf('another').certificate;
  expect(await told(right, {}, kubeconfigOf(server, undefined, another))).toMatch(
    /which does not answer as the cluster/,
  );
});

test('a kubeconfig without the context that the settings name is told with those that it has', async () => {
  expect(await told(right, { context: 'staging' })).toMatch(/has no context staging; it has prod/);
});

test('a login by a program is left to the provider, which runs it', async () => {
  expect(await told(right, {}, kubeconfigOf('https://127.0.0.1:1', { exec: { command: 'aws' } }))).toBe('');
});
