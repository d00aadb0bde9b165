import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Edge } from '../../../src/model/edge.ts';
import { bundle } from '../../../src/render/bundle.ts';
import { container, machineInput } from './fixtures.ts';

const edge: Edge = {
  kind: 'traefik',
  image: 'registry.example/traefik:v3.6.12',
  tls: { kind: 'upstream', networks: ['192.0.2.0/28'] },
  routes: [{ domain: 'shop.example.org', prefix: '/api/', strip: true, service: 'api' }],
  drainSeconds: 2,
  uploads: { largestMb: 5, atOnce: 20 },
};

// Traefik tells it as it is written here (X-Forwarded-Prefix), and both edges tell the same
test('a prefix is taken away without the slash at its end', () => {
  const { entries } = bundle(machineInput({ services: [container({ name: 'api', port: 80 })], edge }));
  expect(parse(entries['routes.yaml'] ?? '').http.middlewares['api-prefix']).toEqual({
    stripPrefix: { prefixes: ['/api'] },
  });
});
