import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Job } from '../../../src/model/job.ts';
import { batchesOf, behindFirst } from '../../../src/model/rolling.ts';
import { container, role } from '../render/fixtures.ts';

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

const machines = [0, 1, 2, 3].map((index) => ({ index }));
const order = (since: readonly (string | undefined)[], own = {}) =>
  behindFirst(role(own), machines, ({ index }) => since[index]).map(({ index }) => index);

test('machines go by their numbers where none is behind or nothing is known', () => {
  expect(order([])).toEqual([0, 1, 2, 3]);
  const inTurn = ['2026-11-29T10:00:00Z', '2026-11-29T10:00:09Z', '2026-11-29T10:00:18Z', '2026-11-29T10:00:27Z'];
  expect(order(inTurn)).toEqual([0, 1, 2, 3]);
});

test('after a release that stopped at the second machine, the next one begins with it', () => {
  const [former, newer] = ['2026-11-01T10:00:00Z', '2026-11-29T10:00:00Z'];
  expect(order([newer, former, former, former])).toEqual([1, 2, 3, 0]);
});

test('a machine without a release comes first: it serves nobody yet', () => {
  const live = '2026-11-29T10:00:00Z';
  expect(order([live, live, live, undefined])).toEqual([3, 0, 1, 2]);
});

test('the first machine comes first where its release migrates', () => {
  const [former, newer] = ['2026-11-01T10:00:00Z', '2026-11-29T10:00:00Z'];
  const since = [newer, former, former, former];
  const migrate: Job = {
    ...{ name: 'migrate', when: { release: true }, steps: [container()] },
    ...{ deadlineSeconds: 60, onceAcrossMachines: true },
  };
  expect(order(since, { jobs: [migrate] })).toEqual([0, 1, 2, 3]);
  expect(order(since, { jobs: [{ ...migrate, onceAcrossMachines: false }] })).toEqual([1, 2, 3, 0]);
  expect(order(since, { jobs: [{ ...migrate, when: { asked: true } }] })).toEqual([1, 2, 3, 0]);
});
