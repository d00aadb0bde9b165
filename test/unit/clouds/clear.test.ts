import { expect, test } from 'vitest';
import { clouds } from '../../../src/clouds/registry.ts';
import type { AdoptedHost } from '../../../src/model/adoptedHost.ts';
import type { Rule } from '../../../src/model/blueprint.ts';
import type { Environment } from '../../../src/model/environment.ts';
import { blueprint, role } from '../render/fixtures.ts';

const rule: Rule = { from: { role: 'web' }, to: 'redis', port: 6379, protocol: 'tcp', why: 'sessions' };

const problems = (
  cloud: string,
  { network = 'public', hosts = {}, rules = [rule], trustNetwork = false }: Given = {},
) => {
  const roles = Object.fromEntries(['web', 'redis'].map((name) => [name, role({ hosts: hosts[name] ?? [] })]));
  const environment: Environment = {
    ...{ name: 'preprod', operators: { networks: [], sshPublicKeys: [] }, network: '10.64.0.0/20' },
    systems: { shop: { cloud, restartEdge: false, allowDestroy: false, trustNetwork, options: {} } },
    authority: 'letsencrypt',
    clouds: { openstack: { project: '0', network } },
  };
  const found = clouds[cloud]?.problems(blueprint({ system: 'shop', roles, rules }), environment) ?? [];
  return found.filter(({ message }) => message.includes('unencrypted'));
};

interface Given {
  network?: 'public' | 'private';
  hosts?: Record<string, AdoptedHost[]>;
  rules?: Rule[];
  trustNetwork?: boolean;
}

const host = (address: string, privateAddress?: string): AdoptedHost => ({
  ...{ address, port: 22, user: 'debian', hostKey: '', keepOpen: [] },
  ...(privateAddress !== undefined && { privateAddress }),
});

test('on the public network of openstack, what machines say to each other is refused, with what it is', () => {
  expect(problems('openstack')).toEqual([
    {
      path: 'berth:clouds.openstack.network',
      value: '`public`',
      message:
        'would send traffic between machines of shop unencrypted over a public network: web to redis on port 6379 (sessions)',
      allowed: 'private, for a system with several roles',
      fix: 'write network: private, or trustNetwork: true for shop if nobody else can read that network',
    },
  ]);
});

test('machines that exist need a private address each, by which their peers reach them', () => {
  const hosts = {
    web: [host('203.0.113.1'), host('203.0.113.2', '10.0.0.2'), host('100.64.0.9')],
    redis: [host('203.0.113.3', '203.0.113.4')],
  };
  expect(problems('existing', { hosts }).map(({ path, message }) => `${path} ${message}`)).toEqual([
    'berth:systems.shop.web.hosts[0].privateAddress is missing, and 203.0.113.1 is public; this traffic would be unencrypted: web to redis on port 6379 (sessions)',
    'berth:systems.shop.redis.hosts[0].privateAddress is public; this traffic would be unencrypted: web to redis on port 6379 (sessions)',
  ]);
});

test.each<[string, string, Given]>([
  ['a private network', 'openstack', { network: 'private' }],
  ['a network that the file trusts', 'openstack', { trustNetwork: true }],
  ['traffic that is encrypted', 'openstack', { rules: [{ ...rule, encrypted: true }] }],
  [
    'encrypted traffic between hosts',
    'existing',
    { hosts: { web: [host('203.0.113.1')] }, rules: [{ ...rule, encrypted: true }] },
  ],
  ['machines that call nobody of their system', 'openstack', { rules: [{ ...rule, from: 'internet' }] }],
  ['a cloud whose machines have a network of their own', 'aws', {}],
  [
    'hosts on a network that the file trusts',
    'existing',
    { hosts: { web: [host('203.0.113.1')] }, trustNetwork: true },
  ],
])('%s is right', (_name, cloud, given) => {
  expect(problems(cloud, given)).toEqual([]);
});
