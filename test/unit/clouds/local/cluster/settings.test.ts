import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settings } from '../../../../../src/clouds/kubernetes/settings.ts';
import { kubernetesVersion } from '../../../../../src/clouds/local/cluster/plugin.ts';
import { clusterSettings } from '../../../../../src/clouds/local/cluster/settings.ts';
import { checkout } from '../../../../../src/paths.ts';

test('a cluster on this computer is described as any cluster that exists', () => {
  const images = { 'ghcr.io/a/b:1': 'registry.berth.test:5000/b@sha256:1' };
  const buckets = { uploads: { endpoint: 'http://10.213.0.4:7070', region: 'us-east-1', bucket: 'a-uploads' } };
  const logStreams = { app: { scheme: 'http', host: '10.213.0.5', port: 9200 } };
  const block = clusterSettings(images, { buckets, logStreams });
  expect(settings.parse(block)).toMatchObject(block);
});

test('the plugin of Kubernetes has the version of its SDK: the engine asks for no other', () => {
  const { dependencies } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
  expect(dependencies['@pulumi/kubernetes']).toBe(kubernetesVersion);
});
