import { expect, test } from 'vitest';
import { ref, secret, text } from '../../../src/model/value.ts';
import { machineNeeds } from '../../../src/render/needs.ts';
import { blueprint, container, role } from './fixtures.ts';

const shop = blueprint({
  roles: {
    web: role({ services: [container({ env: { API: text`http://${ref('balancers.api.address')}/` } })] }),
    api: role({ count: 2, services: [container({ env: { PASSWORD: secret('databasePassword') } })] }),
    database: role({ services: [container({ env: { ROOT: secret('rootPassword'), DISK: ref('buckets.data.key') } })] }),
  },
  rules: [
    { from: 'internet', to: 'web', port: 443, protocol: 'tcp', why: 'users' },
    { from: { role: 'api' }, to: 'database', port: 3306, protocol: 'tcp', why: 'queries' },
    { from: { role: 'web' }, to: 'api', port: 80, protocol: 'tcp', why: 'calls' },
  ],
});

const needsOf = (name: string) => {
  const found = shop.roles[name];
  if (!found) throw new Error(name);
  return machineNeeds(shop, found, { system: 'shop', role: name, index: 0 });
};

test('a machine waits for what its own services name', () => {
  expect(needsOf('web')).toEqual({ refs: ['balancers.api.address'], secrets: [] });
});

test('and for the addresses of those that its rules let in, all of them', () => {
  expect(needsOf('database')).toEqual({
    refs: ['buckets.data.key', 'machines.api.0.privateAddress', 'machines.api.1.privateAddress'],
    secrets: ['rootPassword'],
  });
});

test("another role's secrets and facts are not among them", () => {
  expect(needsOf('api')).toEqual({ refs: ['machines.web.0.privateAddress'], secrets: ['databasePassword'] });
});
