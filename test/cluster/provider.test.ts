import { afterAll, beforeAll, expect, test } from 'vitest';
import { kubernetesPlugin, kubernetesVersion } from '../../src/clouds/local/cluster/plugin.ts';
import { type Project, temporaryProject } from '../engine/engine.ts';
import { type TestCluster, testCluster } from './cluster.ts';
import { page, restricted } from './page.ts';

// The engine and the genuine provider on a program without berth: what berth declares stands on this

const namespace = 'provider';
const token = 'a-token-that-nobody-may-read';
let cluster: TestCluster;
let project: Project;

beforeAll(async () => {
  cluster = await testCluster();
  project = await temporaryProject({ [`kubernetes-v${kubernetesVersion}`]: kubernetesPlugin() ?? '' });
});
afterAll(async () => {
  await project?.run('destroy');
  await project?.remove();
});

test('resources come up, a second up changes nothing, and no secret is in the state as it is', async () => {
  await project.program(program(cluster.pageImage));
  const first = await project.run('up');
  expect(first.output).toContain('4 created');
  expect((await project.run('up')).output).toContain('4 unchanged');
  expect(await project.stateText()).not.toContain(token);
});

test('an image that nobody has fails with the reason of its pod while the old pods serve, and the next up mends it', async () => {
  await project.program(program('registry.berth.test:5000/nothing:1'));
  const broken = await project.run('up');
  expect(broken.code).not.toBe(0);
  expect(broken.output).toMatch(/ImagePullBackOff|ErrImagePull/);
  expect(await ready()).toBe('2');
  await project.program(program(cluster.pageImage));
  expect((await project.run('up')).code).toBe(0);
  expect(await ready()).toBe('2');
});

test('destroy leaves nothing', async () => {
  expect((await project.run('destroy')).code).toBe(0);
  await expect(cluster.kubectl('get', 'namespace', namespace)).rejects.toThrow('not found');
});

const ready = () =>
  cluster.kubectl('get', 'deployment', 'page', `--namespace=${namespace}`, '--output=jsonpath={.status.readyReplicas}');

/** A program that declares two pods of an image, their service and a secret */
function program(image: string): string {
  const [deployment, service] = page(namespace, image, 2);
  const secret = { metadata: { name: 'token', namespace }, stringData: { token } };
  const values = JSON.stringify({
    kubeconfig: cluster.kubeconfig,
    namespace: restricted(namespace),
    deployment,
    service,
    secret,
  });
  return `
    import * as pulumi from '@pulumi/pulumi';
    const { kubeconfig, ...wanted } = ${values};
    const version = '${kubernetesVersion}';
    class Provider extends pulumi.ProviderResource {}
    const provider = new Provider('kubernetes', 'cluster', { kubeconfig: pulumi.secret(kubeconfig) }, { version });
    const make = (type, name, inputs, more = {}) =>
      new pulumi.CustomResource('kubernetes:' + type, name, inputs, { provider, version, ...more });
    const namespace = make('core/v1:Namespace', 'namespace', wanted.namespace);
    const secret = { ...wanted.secret, stringData: pulumi.secret(wanted.secret.stringData) };
    make('core/v1:Secret', 'secret', secret, { dependsOn: namespace, additionalSecretOutputs: ['stringData', 'data'] });
    make('apps/v1:Deployment', 'page', wanted.deployment, { dependsOn: namespace, customTimeouts: { create: '90s', update: '30s' } });
    make('core/v1:Service', 'page-service', wanted.service, { dependsOn: namespace });
  `;
}
