import { systems } from 'berth:systems';
import { expect, test } from 'vitest';
import { secretFormOf } from '../../../src/config/secretForms.ts';

test.each([
  ['lostops/appKey', { kind: 'key', prefix: 'base64:', bytes: 32 }],
  ['lostops/databasePassword', { kind: 'password' }],
  ['mad/monitoringUsers', { kind: 'users', user: 'operator' }],
  ['mad/certificateKey', { kind: 'given' }],
  ['deployKey', { kind: 'given' }],
  ['registries/password', { kind: 'given' }],
])('the form of %s is what its system says, or that of every system', (name, form) => {
  expect(secretFormOf(systems, name)).toEqual(form);
});
