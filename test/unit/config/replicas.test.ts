import { expect, test } from 'vitest';
import { problemsOf } from '../../../src/config/problems.ts';
import { replicas } from '../../../src/config/replicasField.ts';

const told = (value: unknown) => problemsOf(replicas, value, ['replicas']).map(({ path, message }) => [path, message]);

test('a number of pods, or a range that follows the load', () => {
  expect([3, { min: 2, max: 10 }, { min: 2, max: 2, cpu: 50 }].map(told)).toEqual([[], [], []]);
  expect(replicas.parse({ min: 2, max: 10 })).toEqual({ min: 2, max: 10, cpu: 70 });
});

test('what is wrong with a range is said of the range, and of a number of the number', () => {
  expect(told({ min: 4, max: 2 })).toEqual([['replicas.max', 'is less than min, which is 4']]);
  expect(told({ min: 4 })).toEqual([['replicas.max', expect.stringContaining('missing')]]);
  expect(told(0)).toEqual([['replicas', expect.any(String)]]);
});
