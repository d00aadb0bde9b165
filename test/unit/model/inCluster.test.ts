import { expect, test } from 'vitest';
import type { Rule } from '../../../src/model/blueprint.ts';
import type { Edge } from '../../../src/model/edge.ts';
import { inCluster } from '../../../src/model/inCluster.ts';
import { rule, shop } from '../../stack/shop.ts';
import { container, role } from '../render/fixtures.ts';

const edge: Edge = {
  ...{ kind: 'traefik', tls: { kind: 'upstream', networks: [] }, drainSeconds: 2 },
  routes: [{ domain: 'shop.example.org', prefix: '/', service: 'page' }],
  uploads: { largestMb: 1, atOnce: 1 },
};
const page = container({ name: 'page', port: 8080 });
const api = container({ name: 'api', port: 5000 });
const database = container({ name: 'database', port: 5432, exposed: 15432, rollout: 'replace' });

const portsOf = (rules: readonly Rule[]) =>
  inCluster({
    ...shop,
    roles: {
      web: role({ edge, services: [page, api] }),
      inner: role({ edge: { ...edge, tls: { kind: 'internal', port: 3000 } }, services: [page] }),
      data: role({ services: [database], failover: 'asked' }),
    },
    rules,
  }).rules.map(({ to, port }) => `${to} ${port}`);

test('nobody logs in to a pod', () => {
  expect(portsOf([rule('operators', 'web', 22)])).toEqual([]);
});

test('the ingress reaches the containers that public names lead to, and no other', () => {
  expect(portsOf([rule('internet', 'web', 80), rule('internet', 'web', 443)])).toEqual(['web 8080']);
});

test('a rule opens the port of the container, whatever the port at which its machine was called', () => {
  expect(portsOf([rule({ role: 'web' }, 'inner', 3000), rule({ role: 'web' }, 'data', 15432)])).toEqual([
    'inner 8080',
    'data 5432',
  ]);
});

test('several pods need no common address', () => {
  expect(inCluster({ ...shop, rules: [], roles: { data: role({ failover: 'asked' }) } }).roles.data).not.toHaveProperty(
    'failover',
  );
});
