import { expect, test } from 'vitest';
import { welcome } from '../../../../src/cli/local/welcome.ts';

const deployed = { basegun: { version: '3.3.0', url: 'https://basegun.localhost:8443', machines: {} } };

test('a newcomer reads where each system answers and how to take it down', () => {
  const text = welcome(deployed);
  expect(text).toContain('basegun 3.3.0   https://basegun.localhost:8443');
  expect(text).toContain('npx berth local --down');
});

test('the names and passwords of pages are shown where there are some', () => {
  const login = { system: 'shop', url: 'https://admin.shop.localhost', user: 'ada', password: 'secret' };
  expect(welcome(deployed, [login])).toContain('  https://admin.shop.localhost   ada   secret\n');
  expect(welcome(deployed, [login])).toContain('npx berth local --logins');
  expect(welcome(deployed)).not.toContain('--logins');
});
