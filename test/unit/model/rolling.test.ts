import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batchesOf } from '../../../src/model/rolling.ts';

test('the first machine goes alone, the others so many at once', () => {
  expect(batchesOf([0, 1, 2, 3, 4, 5], { atOnce: 2 })).toEqual([[0], [1, 2], [3, 4], [5]]);
  expect(batchesOf([0, 1, 2], { atOnce: 1 })).toEqual([[0], [1], [2]]);
  expect(batchesOf([0], { atOnce: 4 })).toEqual([[0]]);
  expect(batchesOf([], { atOnce: 4 })).toEqual([]);
});

test('the time of a release grows with its batches, and every machine is in one of them', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(), { minLength: 1, maxLength: 16 }),
      fc.integer({ min: 1, max: 15 }),
      (machines, atOnce) => {
        const batches = batchesOf(machines, { atOnce });
        expect(batches.flat()).toEqual(machines);
        expect(batches).toHaveLength(1 + Math.ceil((machines.length - 1) / atOnce));
      },
    ),
  );
});
