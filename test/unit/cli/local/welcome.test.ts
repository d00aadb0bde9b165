import { expect, test } from 'vitest';
import { welcome } from '../../../../src/cli/local/welcome.ts';

test('a newcomer reads where each system answers and how to take it down', () => {
  const text = welcome({ systems: { basegun: { version: '3.3.0', url: 'https://basegun.localhost:8443', more: 1 } } });
  expect(text).toContain('basegun 3.3.0   https://basegun.localhost:8443');
  expect(text).toContain('npx berth local --down');
});

test.each([{}, { systems: 'changed' }, undefined])('outputs of another shape do not spoil it: %j', (outputs) => {
  expect(welcome(outputs)).toContain('npx berth status local');
});

test('the names and passwords of pages are shown where there are some', () => {
  const login = { system: 'shop', url: 'https://admin.shop.localhost', user: 'ada', password: 'secret' };
  expect(welcome({}, [login])).toContain('  https://admin.shop.localhost   ada   secret\n');
  expect(welcome({}, [login])).toContain('npx berth local --logins');
  expect(welcome({})).not.toContain('--logins');
});
