import { expect, test } from 'vitest';
import { clouds } from '../../../src/clouds/registry.ts';
import { blueprintProblems } from '../../../src/config/cloudChecks.ts';
import type { Role } from '../../../src/model/blueprint.ts';
import type { Environment } from '../../../src/model/environment.ts';
import { blueprint, role } from '../render/fixtures.ts';

const shop = (web: Partial<Role>) => blueprint({ system: 'shop', roles: { web: role(web), front: role({}) } });
const problems = (web: Partial<Role>, options: object, cloud: 'openstack' | 'aws' = 'openstack') => {
  const environment: Environment = {
    ...{ name: 'preprod', operators: { networks: [], sshPublicKeys: [] }, network: '10.64.0.0/20' },
    systems: { shop: { cloud, restartEdge: false, allowDestroy: false, options } },
    authority: 'letsencrypt-staging',
    clouds: { openstack: { project: '0', network: 'public', logsService: 'ldp-ab-12345' } },
  };
  return blueprintProblems(shop(web), environment, cloud, clouds).filter(({ path }) => /address/.test(path));
};
const asked = { web: { address: '203.0.113.10' } };

test.each(['openstack', 'aws'] as const)('on %s, one reserved address is for one machine', (cloud) => {
  const reserved = { address: { kind: 'reserved', adopt: '203.0.113.10' } } as const;
  expect(problems({ ...reserved, count: 1 }, asked, cloud)).toEqual([]);
  expect(problems({ ...reserved, count: 3 }, {}, cloud)).toEqual([]);
  expect(problems({ ...reserved, count: 3 }, asked, cloud)).toEqual([
    {
      path: 'berth:systems.shop.web.address',
      value: '`203.0.113.10`',
      message: 'is one address, and role web has 3 machines',
      allowed: 'an address for the only machine of a role',
      fix: 'remove it, or write count: 1',
    },
  ]);
});

test('an address that no machine would adopt is no silent wish, nor one of a part that is no machine here', () => {
  const wish = "can't be adopted:";
  expect(problems({ address: { kind: 'public' } }, asked)).toEqual([
    expect.objectContaining({ message: expect.stringContaining(`${wish} machines of role web`), fix: 'remove it' }),
  ]);
  expect(problems({}, { redis: { address: '203.0.113.10' } })).toEqual([
    expect.objectContaining({ path: 'berth:systems.shop.redis.address', message: expect.stringContaining(wish) }),
  ]);
});
