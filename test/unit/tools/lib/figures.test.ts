import { expect, test } from 'vitest';
import { figureTable, keepsLimit } from '../../../../tools/lib/figures.ts';

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

test('several measurements are shown with their range, and what is there to compare with has no limit', () => {
  const table = figureTable([
    { name: 'converge', measured: 0.4, limit: 0.6, unit: 's', range: { least: 0.31, most: 0.55 } },
    { name: 'compose', measured: 4, unit: 's' },
    { name: 'failed requests', measured: 0, limit: 0, unit: '' },
  ]);
  expect(table).toBe(
    [
      '✓ converge          0.40 s   0.31–0.55   ≤ 0.6 s',
      '· compose              4 s',
      '✓ failed requests        0               ≤ 0',
    ].join('\n'),
  );
});

test('a figure keeps its limit up to the limit itself', () => {
  const figure = { name: 'a second run', limit: 20, unit: 's' };
  expect(keepsLimit({ ...figure, measured: 20 })).toBe(true);
  expect(keepsLimit({ ...figure, measured: 20.01 })).toBe(false);
  expect(keepsLimit({ name: 'to compare with', measured: 20.01, unit: 's' })).toBe(true);
});
