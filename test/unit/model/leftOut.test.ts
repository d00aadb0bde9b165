import { expect, test } from 'vitest';
import { withoutImages } from '../../../src/model/leftOut.ts';
import { blueprint, container, role } from '../render/fixtures.ts';

const shop = blueprint({
  roles: {
    web: role({
      services: [
        container({ name: 'page', calls: ['board', 'store'] }),
        container({ name: 'store' }),
        container({ name: 'board', image: 'docker.io/grafana/grafana:12.1.1' }),
      ],
      edge: {
        kind: 'traefik',
        tls: { kind: 'internal', port: 8000 },
        routes: [
          { prefix: '/', service: 'page' },
          { prefix: '/board', service: 'board' },
        ],
        uploads: { largestMb: 5, atOnce: 20 },
        drainSeconds: 2,
      },
    }),
  },
});

test('a service whose image cannot be had goes, with the routes to it and the calls of it, and is named with the reason', () => {
  const { roles, leftOut } = withoutImages(shop, { 'docker.io/grafana/grafana': 'nobody has it' });
  expect(roles.web?.services.map(({ name, calls }) => [name, calls])).toEqual([
    ['page', ['store']],
    ['store', []],
  ]);
  expect(roles.web?.edge?.routes.map(({ service }) => service)).toEqual(['page']);
  expect(leftOut).toEqual([{ role: 'web', service: 'board', reason: 'nobody has it' }]);
});

test.each([
  'docker.io/grafana/grafana:12.1.1',
  'docker.io/grafana/grafana',
  `docker.io/grafana/grafana:12.1.1@sha256:${'0'.repeat(64)}`,
  `docker.io/grafana/grafana@sha256:${'0'.repeat(64)}`,
])('%s is of its repository', (image) => {
  const one = blueprint({ roles: { web: role({ services: [container({ image })] }) } });
  expect(withoutImages(one, { 'docker.io/grafana/grafana': 'no' }).leftOut).toHaveLength(1);
});

test.each(['docker.io/grafana/grafana-image-renderer:3.0.0', 'localhost:5000/grafana/grafana:1.0.0'])(
  '%s is of another, and a blueprint of which nothing goes stays as it is',
  (image) => {
    const one = blueprint({ roles: { web: role({ services: [container({ image })] }) } });
    expect(withoutImages(one, { 'docker.io/grafana/grafana': 'no', localhost: 'no' })).toBe(one);
  },
);
