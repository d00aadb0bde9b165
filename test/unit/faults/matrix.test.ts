import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkout } from '../../../src/paths.ts';
import { everyCell, faultNames, type Seen, sample, steps } from '../../e2e/faults/matrix/names.ts';
import { faultTable, isWhole, matrixTable, missing } from '../../e2e/faults/matrix/table.ts';

const seen = (change: Partial<Seen> = {}): Seen => ({
  ...{ step: 'Keep', fault: 'killed', requests: 100, failed: 0, downSeconds: 0 },
  ...{ first: 255, serves: 'old', next: 0, nextSeconds: 4, wrong: [], ...change },
});

test('a sample has each step and each fault, in as few cells as that takes, and a seed gives it again', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0 }), (seed) => {
      const cells = sample(seed);
      expect(cells).toHaveLength(Math.max(steps.length, faultNames.length));
      expect(new Set(cells.map(({ step }) => step))).toEqual(new Set(steps));
      expect(new Set(cells.map(({ fault }) => fault))).toEqual(new Set(faultNames));
      expect(sample(seed)).toEqual(cells);
    }),
  );
});

test('different seeds give different samples', () => {
  expect(sample(1)).not.toEqual(sample(2));
});

test('every step of the release engine is in the matrix, or is named with why a release does not have it', async () => {
  const text = await readFile(`${checkout}/src/hosts/host/steps.py`, 'utf8');
  const classes = [...text.matchAll(/^class (\w+)\(Step\)/gm)].map(([, name]) => name);
  // Packages and disks of a new machine, builds of processes, and the edge's own changes are not of every release
  const others = ['Install', 'Hold', 'Mount', 'Grow', 'MakeBuild', 'StartEdge', 'LeaveEdge', 'EnsureNginx'];
  expect([...steps, ...others, 'Remove', 'StartUnits'].sort()).toEqual(classes.sort());
});

test('what was not whole stands out in the table, and a cell without failed requests is one word', () => {
  const table = matrixTable([
    seen(),
    seen({ fault: 'power', failed: 3, downSeconds: 2.345 }),
    seen({ step: 'Finish', serves: 'new', next: 1 }),
  ]);
  const rows = table.split('\n');
  expect(rows[0]).toBe('| as this step begins | the release is killed | power is cut |');
  expect(rows[2]).toBe('| keep its folder | old | old, 2.3 s away |');
  expect(rows.at(-1)).toBe('| record and prune | **new, then not whole** | · |');
});

test.each<[string, Partial<Seen>, boolean]>([
  ['the old one serves and the next release is in place', {}, true],
  ['nothing serves', { serves: 'none' }, false],
  ['page and API are of two releases', { serves: 'mix' }, false],
  ['the next release fails', { next: 1 }, false],
  ['something is left over', { wrong: ['a container'] }, false],
])('%s: whole %#', (_what, change, whole) => {
  expect(isWhole(seen(change))).toBe(whole);
});

test('figures of a fault count its failed requests and how its releases ended', () => {
  const table = faultTable([seen({ first: 0 }), seen({ step: 'Pull', failed: 2, downSeconds: 1.5, nextSeconds: 7 })]);
  expect(table.split('\n')[2]).toBe(
    '| the release is killed | 200 | 2 | 1.5 s | 1 went live, 1 failed | 2 of 2 whole, ≤ 7.0 s |',
  );
});

test('a run that was stopped goes on with the cells that it has not seen', () => {
  const left = missing(everyCell(), [seen()]);
  expect(left).toHaveLength(steps.length * faultNames.length - 1);
  expect(left).not.toContainEqual({ step: 'Keep', fault: 'killed' });
});
