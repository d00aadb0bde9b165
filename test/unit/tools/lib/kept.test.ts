import { expect, test } from 'vitest';
import { type Kept, leftOutText, missing } from '../../../../tools/lib/kept.ts';

const thing = (name: string, there: boolean): Kept => ({
  name,
  isThere: async () => there,
  make: async () => undefined,
});

test('only what is not there is made', async () => {
  const lacking = await missing([thing('a plugin', true), thing('an image', false)]);
  expect(lacking.map(({ name }) => name)).toEqual(['an image']);
});

test('a project that is left out is named with what it lacks and the command that makes it', () => {
  expect(leftOutText('openstack', [thing('a plugin', false), thing('an image', false)])).toBe(
    'left out: openstack, which needs what is not on this computer yet: a plugin, an image. ' +
      '`npm test -- openstack` makes it once, and runs the tests',
  );
});
