import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Edge } from '../../../src/model/edge.ts';
import type { FactPath } from '../../../src/model/facts.ts';
import { ref } from '../../../src/model/value.ts';
import { bundle } from '../../../src/render/bundle.ts';
import { container, machineInput, releaseIn } from './fixtures.ts';

const edge: Edge = {
  kind: 'traefik',
  image: 'registry.example/traefik:v3.6.12',
  tls: { kind: 'upstream', networks: ['192.0.2.0/28'] },
  routes: [{ domain: 'shop.example.org', prefix: '/api/', strip: true, service: 'api' }],
  drainSeconds: 2,
  uploads: { largestMb: 5, atOnce: 20 },
};

test('another contact is written for the next start of the edge, and is no change of it', () => {
  const facts = { 'acme.directory': 'https://acme.example/directory', 'acme.authority': '' };
  const of = (email: string, directory: FactPath = 'acme.directory') => {
    const authority = ref('acme.authority');
    const tls = { kind: 'acme', email, directory: ref(directory), authority, httpsPort: 443 } as const;
    const services = [container({ name: 'api', port: 80 })];
    const { entries } = bundle(
      machineInput({ services, edge: { ...edge, tls }, facts: { ...facts, 'acme.roots': 'https://b' } }),
    );
    const definition = releaseIn(entries).edge?.definition;
    const [path = '', text] = Object.entries(entries).find(([name]) => name.endsWith('/traefik.yaml')) ?? [];
    return { definition, path, email: parse(text ?? '').certificatesResolvers.acme.acme.email };
  };
  const [former, next] = [of('ada@shop.example'), of('bea@shop.example')];
  expect(next).toEqual({ ...former, email: 'bea@shop.example' });
  expect(of('ada@shop.example', 'acme.roots').definition).not.toBe(former.definition);
});

// Traefik tells it as it is written here (X-Forwarded-Prefix), and both edges tell the same
test('a prefix is taken away without the slash at its end', () => {
  const { entries } = bundle(machineInput({ services: [container({ name: 'api', port: 80 })], edge }));
  expect(parse(entries['routes.yaml'] ?? '').http.middlewares['api-prefix']).toEqual({
    stripPrefix: { prefixes: ['/api'] },
  });
});
