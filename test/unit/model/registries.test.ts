import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { loginsOf, registryOf } from '../../../src/model/registries.ts';

const cases = [
  ['ghcr.io/datalab-mi/basegun:3.3.0', 'ghcr.io'],
  ['registry.example.org:5000/app@sha256:0', 'registry.example.org:5000'],
  ['localhost/app:1.0.0', 'localhost'],
  ['127.0.0.1:5001/private/backend:3.3.1', '127.0.0.1:5001'],
  ['library/traefik:v3.6.12', 'docker.io'],
  ['traefik:v3.6.12', 'docker.io'],
  ['docker.io/library/nginx:1.28.0', 'docker.io'],
] as const;

test.each(cases)('%s comes from %s, to the machine too', (image, registry) => {
  expect(registryOf(image)).toBe(registry);
  const script =
    "import sys; sys.path.insert(0, 'src/hosts/host'); import images; print(images.registry_of(sys.argv[1]))";
  expect(execFileSync('python3', ['-IBc', script, image], { encoding: 'utf8' })).toBe(`${registry}\n`);
});

test("a system's own login goes before the environment's, each with its secret's whole name", () => {
  const entry = { cloud: 'local', restartEdge: false, allowDestroy: false, options: {} } as const;
  const own = { 'ghcr.io': { user: 'shop-bot', password: { secret: 'token' } } };
  const environment = {
    registries: {
      'ghcr.io': { user: 'bot', password: { secret: 'ghcr' } },
      'quay.io': { user: 'bot', password: { secret: 'quay' } },
    },
    systems: { shop: { ...entry, registries: own }, other: entry },
  };
  expect(loginsOf(environment, 'shop')).toEqual([
    { registry: 'ghcr.io', user: 'shop-bot', secret: 'shop/token' },
    { registry: 'quay.io', user: 'bot', secret: 'registries/quay' },
  ]);
  expect(loginsOf(environment, 'other').map(({ secret }) => secret)).toEqual(['registries/ghcr', 'registries/quay']);
});
