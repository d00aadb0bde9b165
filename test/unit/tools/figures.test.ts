import { expect, test } from 'vitest';
import { figureTable, keepsLimit } from '../../../tools/lib/figures.ts';

test('figures are printed in columns beside their limits, and one over its limit stands out', () => {
  const table = figureTable([
    { name: 'berth render', measured: 0.418, limit: 1, unit: 's' },
    { name: "the program's share of a preview", measured: 1.61, limit: 1.5, unit: '×' },
  ]);
  expect(table).toBe(
    [
      '✓ berth render                       0.42 s   ≤ 1 s',
      "✗ the program's share of a preview   1.61 ×   ≤ 1.5 ×",
    ].join('\n'),
  );
});

test('a figure keeps its limit up to the limit itself', () => {
  const figure = { name: 'a second run', limit: 20, unit: 's' };
  expect(keepsLimit({ ...figure, measured: 20 })).toBe(true);
  expect(keepsLimit({ ...figure, measured: 20.01 })).toBe(false);
});
