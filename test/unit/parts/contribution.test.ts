import { expect, test } from 'vitest';
import { assemble, type Contribution, runs } from '../../../src/parts/contribution.ts';
import { machines } from '../../../src/parts/machines.ts';
import { container } from '../render/fixtures.ts';

const heading = {
  ...{ system: 'shop', version: '1.0.0', url: 'https://shop.test' },
  probe: { path: '/version' },
};
const web = machines('web', { size: 'small', diskGb: 10 }, { address: 'public' });
const rule = { from: 'internet', to: 'web', port: 80, protocol: 'tcp', why: 'users' } as const;
const edge = { kind: 'nginx', tls: { kind: 'internal', port: 80 }, routes: [], drainSeconds: 1 } as const;
const uploads = { largestMb: 1, atOnce: 1 };

test('a system is all that its parts bring, in their order, and operators reach every role', () => {
  const { roles, rules, buckets } = assemble(heading, [
    web,
    runs('web', container({ name: 'page' })),
    { rules: [rule], buckets: [{ name: 'photos', apis: ['s3'] }] },
    { ...runs('web', container({ name: 'shipper' })), roles: { web: { edge: { ...edge, uploads } } } },
    machines('api', { size: 'small', diskGb: 10 }, { address: 'reserved' }),
    runs('web', container({ name: 'exporter' })),
  ]);
  expect(Object.keys(roles)).toEqual(['web', 'api']);
  expect(roles.web).toMatchObject({ count: 1, size: 'small', edge: { kind: 'nginx' } });
  expect(roles.web?.services.map(({ name }) => name)).toEqual(['page', 'exporter']);
  expect(roles.api).toMatchObject({ address: { kind: 'reserved' }, services: [] });
  expect(rules.map(({ from, to, port }) => [from, to, port])).toEqual([
    ['internet', 'web', 80],
    ['operators', 'web', 22],
    ['operators', 'api', 22],
  ]);
  expect(buckets).toEqual([{ name: 'photos', apis: ['s3'] }]);
});

test('a role has one certificate, for the services of every part that asks for one', () => {
  const asking = (service: string) => ({ roles: { web: { certificate: { services: [service] } } } });
  expect(assemble(heading, [web, asking('page'), asking('cache')]).roles.web?.certificate).toEqual({
    services: ['page', 'cache'],
  });
  expect(assemble(heading, [web]).roles.web).not.toHaveProperty('certificate');
});

test.each<[string, readonly Contribution[], string]>([
  [
    'services',
    [web, runs('web', container({ name: 'page' })), runs('web', container({ name: 'page' }))],
    'two parts bring services and jobs of role web called page',
  ],
  [
    'edges',
    [web, ...[1, 2].map(() => ({ roles: { web: { edge: { ...edge, uploads } } } }))],
    'two parts bring an edge of role web',
  ],
  ['machines', [web, web], 'two parts say what the machines of role web are'],
  ['no machines', [runs('web', container())], 'no part says what the machines of role web are'],
  ...(['buckets', 'logStreams', 'caches', 'balancers'] as const).map(
    (kind): [string, readonly Contribution[], string] => [
      kind,
      [web, { [kind]: [{ name: 'one' }] }, { [kind]: [{ name: 'one' }] }],
      `two parts bring ${kind} called one`,
    ],
  ),
])('a collision is refused by its name: %s', (_, parts, message) => {
  expect(() => assemble(heading, parts)).toThrow(`system shop: ${message}`);
});
