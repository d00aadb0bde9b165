import { expect, test } from 'vitest';
import { contentsOf } from '../../../../src/render/cluster/contents.ts';
import type { ClusterInput } from '../../../../src/render/cluster/input.ts';
import { clusterSettings } from '../../../clusterSettings.ts';
import { shop } from '../../../stack/shop.ts';
import { container, role } from '../fixtures.ts';

const input: ClusterInput = {
  ...{ blueprint: { ...shop, roles: { web: role() } }, environment: 'prod', images: {}, logins: {} },
  settings: clusterSettings,
  facts: { 'buckets.photos.endpoint': 'https://s3', 'buckets.photos.secretKey': 'the key of the bucket' },
  secretFacts: ['buckets.photos.secretKey'],
  secrets: { password: 'hunter2' },
};

const service = container({
  env: {
    MODE: 'live',
    ENDPOINT: { ref: 'buckets.photos.endpoint' },
    KEY: { ref: 'buckets.photos.secretKey' },
    URL: { parts: ['redis://:', { secret: 'password' }, '@redis'] },
    LITERAL: 'price $(cat /etc/hosts) $5',
  },
  config: { path: '/etc/app', files: { 'app.yaml': { yaml: { level: 'info' } } } },
  secretFiles: { '/etc/app/ca.pem': { secret: 'password' }, '/run/key': { secret: 'password' } },
});

const texts = (value: unknown): string => JSON.stringify(value);

test('what names a secret, or a secret fact, is in the Secret and nowhere else', () => {
  const { env, items, volumes } = contentsOf(input, 'web', 'app', service);
  const [config, secret] = items.map(({ manifest }) => manifest);
  expect(texts([env, volumes, config])).not.toMatch(/hunter2|the key of the bucket/);
  expect(secret?.stringData).toEqual({
    ...{ KEY: 'the key of the bucket', URL: 'redis://:hunter2@redis' },
    ...{ 'file-0': 'hunter2', 'file-1': 'hunter2' },
  });
  expect(env).toContainEqual({ name: 'ENDPOINT', value: 'https://s3' });
});

test('another secret and another file are other objects, so that pods roll and the former ones find theirs', () => {
  const names = (own: Partial<ClusterInput>, one = service) =>
    contentsOf({ ...input, ...own }, 'web', 'app', one).items.map(({ manifest }) => manifest.metadata.name);
  const [config, secret] = names({});
  expect(names({})).toEqual([config, secret]);
  const [sameConfig, otherSecret] = names({ secrets: { password: 'hunter3' } });
  expect([sameConfig, otherSecret]).toEqual([config, expect.not.stringMatching(secret ?? '')]);
  const files = { 'app.yaml': { yaml: { level: 'debug' } } };
  expect(names({}, { ...service, config: { path: '/etc/app', files } })[0]).not.toBe(config);
  for (const { key } of contentsOf(input, 'web', 'app', service).items) expect(key).toBe('web-app');
});

test('what a cluster would take for a variable of its own reaches the container as it is', () => {
  const { env } = contentsOf(input, 'web', 'app', service);
  expect(env).toContainEqual({ name: 'LITERAL', value: 'price $$(cat /etc/hosts) $5' });
});

test('a secret file of the folder of the configuration comes with it: nothing can be mounted into a read-only folder', () => {
  const { mounts, volumes } = contentsOf(input, 'web', 'app', service);
  expect(mounts).toEqual([
    { name: 'app-config', mountPath: '/etc/app', readOnly: true },
    { name: 'app-secret', mountPath: '/run/key', subPath: 'file-1', readOnly: true },
  ]);
  expect(texts(volumes[0])).toContain('"items":[{"key":"file-0","path":"ca.pem","mode":288}]');
});
