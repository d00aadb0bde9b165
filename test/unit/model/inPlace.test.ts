import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Declaration } from '../../../src/model/blueprint.ts';
import { onMachines } from '../../../src/model/inPlace.ts';
import { reachability } from '../../../src/model/matrix.ts';
import { planned } from '../../../src/model/rolePlans.ts';
import { needsOf, ref, secret, text } from '../../../src/model/value.ts';
import { blueprint, container, role } from '../render/fixtures.ts';

const shop = blueprint({
  roles: {
    web: role({
      count: 2,
      services: [
        container({
          env: {
            REDIS: text`${ref('caches.sessions.scheme')}://${ref('caches.sessions.host')}:${ref('caches.sessions.port')}`,
            PASSWORD: secret('sessionsPassword'),
            SELF: ref('balancers.front.address'),
            OTHER: ref('machines.web.1.privateAddress'),
          },
        }),
      ],
    }),
  },
  rules: [
    { from: 'internet', to: 'front', port: 443, protocol: 'tcp', why: 'users' },
    { from: { role: 'front' }, to: 'web', port: 80, protocol: 'tcp', why: 'spread' },
    { from: { role: 'web' }, to: 'sessions', port: 6379, protocol: 'tcp', why: 'sessions' },
  ],
  caches: [{ name: 'sessions', password: 'sessionsPassword', inItsPlace: role({ size: 'medium' }) }],
  balancers: [
    {
      ...{ name: 'front', domain: 'shop.example.org', role: 'web', port: 80, healthPath: '/health', sticky: false },
      inItsPlace: role({ services: [container({ env: { CACHE: ref('caches.sessions.host') } })] }),
    },
  ],
  records: [
    { name: 'shop.example.org', to: { balancer: 'front' } },
    { name: 'admin.example.org', to: { role: 'web', index: 0 } },
  ],
});

const shopSystem = { name: 'shop', roles: { web: { slot: 0 }, sessions: { slot: 1 }, front: { slot: 2 } }, pins: [] };

const on = (caches: boolean, balancers: boolean): Declaration => onMachines(shop, { caches, balancers });

test('a cloud that has both keeps both', () => {
  expect(on(true, true)).toEqual(shop);
});

test('where there is neither, each is a role of its name, and every reference leads there', () => {
  const { roles, caches, balancers } = on(false, false);
  expect(Object.keys(roles)).toEqual(['web', 'sessions', 'front']);
  expect([caches, balancers]).toEqual([[], []]);
  expect(roles.sessions).toMatchObject({ size: 'medium' });
  expect(roles.web?.services[0]?.env).toEqual({
    REDIS: { parts: ['redis', '://', ref('machines.sessions.0.privateAddress'), ':', '6379'] },
    PASSWORD: secret('sessionsPassword'),
    SELF: ref('machines.front.0.publicAddress'),
    OTHER: ref('machines.web.1.privateAddress'),
  });
  expect(roles.front?.services[0]?.env).toEqual({ CACHE: ref('machines.sessions.0.privateAddress') });
});

test('the name of a balancer leads to the machine in its place, other names where they led', () => {
  expect(on(true, false).records).toEqual([
    { name: 'shop.example.org', to: { role: 'front', index: 0 } },
    { name: 'admin.example.org', to: { role: 'web', index: 0 } },
  ]);
});

test('its rules stay what they are, and operators reach what stands on a machine', () => {
  const ssh = (to: string) => expect.objectContaining({ from: 'operators', to, port: 22 });
  expect(on(false, false).rules).toEqual([...shop.rules, ssh('sessions'), ssh('front')]);
  expect(on(true, false).rules).toEqual([...shop.rules, ssh('front')]);
});

test.each([
  [true, true],
  [true, false],
  [false, true],
  [false, false],
])('with caches %s and balancers %s, nothing names what is not there', (caches, balancers) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 16 }), fc.boolean(), (count, shared) => {
      const given = {
        ...shop,
        roles: { web: role({ count, services: shared ? (shop.roles.web?.services ?? []) : [] }) },
      };
      const made = planned(shopSystem, onMachines(given, { caches, balancers }), {});
      const operators = { networks: [], sshPublicKeys: [] };
      // A rule about a role that is not there is an error
      expect(reachability(made, operators)).toHaveLength(made.rules.length);
      const gone = [...(caches ? [] : ['caches.sessions.']), ...(balancers ? [] : ['balancers.front.'])];
      const named = needsOf([made.roles, made.records]).refs;
      expect(named.filter((name) => gone.some((prefix) => name.startsWith(prefix)))).toEqual([]);
      expect(made.roles.web?.count).toBe(count);
    }),
  );
});

test('machines that hold an address in turn may tell each other so, and nobody else may; a service needs no such rule', () => {
  const pair = { ...shop, roles: { ...shop.roles, front: role({ count: 2, failover: 'asked' }) }, balancers: [] };
  const by = (failover?: 'address' | 'service') =>
    onMachines(pair, { caches: true, balancers: true, ...(failover && { failover }) });
  const vrrp = by('address').rules.filter(({ protocol }) => protocol === 'vrrp');
  expect(vrrp).toEqual([expect.objectContaining({ from: { role: 'front' }, to: 'front', port: 112 })]);
  expect(by('address').roles.front?.failover).toBe('address');
  expect(by('service').rules).toEqual(shop.rules);
  expect(by('service').roles.front?.failover).toBe('service');
  expect(by().roles.front?.failover).toBe('asked');
});
