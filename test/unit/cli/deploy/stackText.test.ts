import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { withoutSystems, withPins } from '../../../../src/cli/deploy/stackText.ts';

const file = `# yaml-language-server: $schema=./environment.schema.json
encryptionsalt: v1:abc
config:
  berth:operators: { networks: [ 198.51.100.0/24 ], sshPublicKeys: [] } # the office
  berth:systems:
    basegun:
      cloud: openstack
      version: "3.3.1" # of both images
      images: { backend: ghcr.io/org/backend:3.3.1-fix }
      domain: basegun.example.org
    # the API is ahead
    mad:
      version: v1.0.0
      versions:
        api: v1.0.1 # asked for by the field
  berth:secrets:
    basegun/registryPassword: { secure: v1:one }
    mad/redisPassword: { secure: v1:two }
    deployKey: { secure: v1:three }
`;

test('versions change, and nothing else: comments and form stay', () => {
  const changed = withPins(file, {
    basegun: { version: '3.3.0', images: undefined },
    mad: { version: 'v1.0.0', versions: { api: 'v1.0.1' } },
  });
  expect(changed).toBe(
    file
      .replace('"3.3.1" # of', '"3.3.0" # of')
      .replace('      images: { backend: ghcr.io/org/backend:3.3.1-fix }\n', ''),
  );
});

test('digests of images are set beside those that the file has', () => {
  const [one, other] = [`sha256:${'1'.repeat(64)}`, `sha256:${'2'.repeat(64)}`];
  const first = withPins(file, {}, { 'redis:7.4.6': one });
  expect(parse(first).config['berth:images']).toEqual({ 'redis:7.4.6': one });
  const second = withPins(first, {}, { 'redis:7.4.6': other, 'nginx:1.28.0': one });
  expect(parse(second).config['berth:images']).toEqual({ 'redis:7.4.6': other, 'nginx:1.28.0': one });
});

test('what was not set before is set', () => {
  const changed = parse(withPins(file, { mad: { version: 'v0.9.0', versions: { web: 'v0.9.1' } } }));
  expect(changed.config['berth:systems'].mad).toEqual({ version: 'v0.9.0', versions: { web: 'v0.9.1' } });
});

test('a system is gone with its secrets, the others are as they were', () => {
  const { config } = parse(withoutSystems(file, ['mad']));
  expect(Object.keys(config['berth:systems'])).toEqual(['basegun']);
  expect(Object.keys(config['berth:secrets'])).toEqual(['basegun/registryPassword', 'deployKey']);
  expect(withoutSystems(file, [])).toBe(file);
});
