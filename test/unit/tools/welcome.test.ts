import { expect, test } from 'vitest';
import { welcome } from '../../../tools/lib/welcome.ts';

test('a newcomer reads where each system answers and how to take it down', () => {
  const text = welcome('local', {
    systems: { basegun: { version: '3.3.0', url: 'https://basegun.localhost:8443', more: 1 } },
  });
  expect(text).toContain('basegun 3.3.0   https://basegun.localhost:8443');
  expect(text).toContain('npm run local -- --down');
});

test.each([{}, { systems: 'changed' }, undefined])('outputs of another shape do not spoil it: %j', (outputs) => {
  expect(welcome('local', outputs)).toContain('npx berth status local');
});

test("a system of its own is looked at and taken down by its stack's name", () => {
  const text = welcome('local-shop', { systems: {} });
  for (const command of ['npx berth status local-shop', 'npx berth ssh local-shop', 'npm run local -- shop --down'])
    expect(text).toContain(command);
});
