import { expect, test } from 'vitest';
import { line } from '../../bench/scale/line.ts';

test('points of a line give its start and its slope', () => {
  const { start, slope } = line([4, 40, 400].map((x): [number, number] => [x, 1.5 + 0.02 * x]));
  expect(start).toBeCloseTo(1.5);
  expect(slope).toBeCloseTo(0.02);
});

test('a point aside moves the line towards itself, and no further', () => {
  const { slope } = line([
    [0, 0],
    [1, 1],
    [2, 5],
  ]);
  expect(slope).toBeCloseTo(2.5);
});
