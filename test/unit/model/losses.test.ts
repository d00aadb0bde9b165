import { expect, test } from 'vitest';
import { losses } from '../../../src/model/losses.ts';
import { blueprint, role } from '../render/fixtures.ts';

test('names everything that holds something, and no machine that somebody else made', () => {
  const host = { address: '192.0.2.1', port: 22, user: 'debian', hostKey: 'ssh-ed25519 AAAA', keepOpen: [] };
  const made = blueprint({
    roles: {
      web: role({ count: 2, address: { kind: 'reserved' } }),
      database: role({ volume: { sizeGb: 20 }, address: { kind: 'reserved' } }),
      adopted: role({ hosts: [host] }),
    },
    buckets: [{ name: 'uploads', apis: ['s3'] }],
    logStreams: [{ name: 'app' }],
    caches: [{ name: 'redis', inItsPlace: role() }],
  });
  expect(losses(made)).toEqual([
    'machine shop-web-0 with its address',
    'machine shop-web-1 with its address',
    'machine shop-database-0 with its data disk of 20 GB and its address',
    'bucket uploads with every file in it',
    'log stream app with what was written',
    'cache redis',
  ]);
});
