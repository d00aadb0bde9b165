import { beforeAll, expect, test } from 'vitest';
import { obstacles } from '../../src/clouds/kubernetes/obstacles.ts';
import { type KubernetesSettings, settings as schema } from '../../src/clouds/kubernetes/settings.ts';
import { clusterSettings } from '../../src/clouds/local/cluster/settings.ts';
import { ConfigError } from '../../src/config/error.ts';
import { authorityOf } from '../certificate.ts';
import { environment } from '../environment.ts';
import { read, stackOf } from '../stack/samples.ts';
import { type TestCluster, testCluster } from './cluster.ts';
import { restricted } from './page.ts';

// What a real cluster's reading refuses before anything is made, one message each
let cluster: TestCluster;
beforeAll(async () => {
  cluster = await testCluster();
});

/** What people get: the problems of Lostops in this cluster */
async function told(own: Partial<KubernetesSettings> = {}, kubeconfig = cluster.kubeconfig): Promise<string> {
  const { blueprints } = read(stackOf('lostops', 'kubernetes'), 'preprod');
  const kubernetes = schema.parse({ ...clusterSettings({}, { buckets: {}, logStreams: {} }), ...own });
  const found = await obstacles({ ...environment, clouds: { kubernetes } }, blueprints, { kubeconfig });
  return found.length === 0 ? '' : new ConfigError('the cluster', found).message;
}

const one = 'the cluster: 1 problem, nothing was changed';

test('the cluster as it is lacks nothing', async () => {
  expect(await told()).toBe('');
});

test.each([
  ['ingressClass', 'haproxy', /`haproxy` is no IngressClass of the cluster\n +allowed: traefik\n/],
  ['ingressNamespace', 'edge', /`edge` is no namespace of the cluster/],
  ['storageClass', 'tape', /`tape` is no StorageClass of the cluster\n +allowed: local\n/],
  ['issuer', 'nobody', /`nobody` is no ClusterIssuer of the cluster/],
] as const)('no such %s', async (key, name, message) => {
  const said = await told({ [key]: name });
  expect(said).toContain(one);
  expect(said).toMatch(message);
});

test('a kubeconfig of another authority, of nobody and of no cluster', async () => {
  const { certificate } = authorityOf('another');
  const encoded = Buffer.from(certificate).toString('base64');
  const other = cluster.kubeconfig.replace(/certificate-authority-data: \S+/, `certificate-authority-data: ${encoded}`);
  const unknown = cluster.kubeconfig.replace(/user: \{.*\}/, 'user: { token: nobody-knows-this }');
  for (const [kubeconfig, message] of [
    [other, /does not answer as the cluster that it names: .*certificate/],
    [unknown, /is refused by \S+: its login is unknown or has ended/],
    [cluster.kubeconfig.replaceAll(':6443', ':6444'), /does not answer as the cluster that it names: .*ECONNREFUSED/],
    ['no kubeconfig', /fix: set the secret to the cluster's kubeconfig/],
  ] as const) {
    const said = await told({}, kubeconfig);
    expect(said).toContain(one);
    expect(said).toMatch(message);
    expect(said).not.toContain('nobody-knows-this');
  }
});

test('a login without rights', async () => {
  await cluster.kubectl('create', 'serviceaccount', 'reader', '--namespace=default');
  const token = (await cluster.kubectl('create', 'token', 'reader', '--namespace=default')).trim();
  const said = await told({}, cluster.kubeconfig.replace(/user: \{.*\}/, `user: { token: ${token} }`));
  expect(said).toContain(one);
  expect(said).toMatch(/logs in as somebody who may not create namespaces, .*create statefulsets in lostops-preprod/);
});

test("somebody else's namespace, with a quota that is too small", async () => {
  await cluster.apply(restricted('lostops-preprod'), {
    ...{ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'small', namespace: 'lostops-preprod' } },
    spec: { hard: { pods: '1', 'limits.memory': '64Mi' } },
  });
  const said = await told();
  expect(said).toMatch(/the namespace lostops-preprod, which somebody else owns/);
  expect(said).toMatch(/the quota small of the namespace lostops-preprod allows .*pods 1 where \d is asked for/);
  await cluster.kubectl('delete', 'namespace', 'lostops-preprod');
  expect(await told()).toBe('');
});
