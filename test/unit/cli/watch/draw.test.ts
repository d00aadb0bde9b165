import { expect, test } from 'vitest';
import { draw } from '../../../../src/cli/watch/draw.ts';
import type { WatchEvent } from '../../../../src/cli/watch/events.ts';
import { linesOf } from '../../../../src/cli/watch/linear.ts';
import { beginning, reduce, type WatchState } from '../../../../src/cli/watch/state.ts';

const start = Date.parse('2026-11-30T01:00:00Z');
const at = (seconds: number): { time: string } => ({ time: new Date(start + seconds * 1000).toISOString() });
const stateAfter = (...events: readonly WatchEvent[]): WatchState => events.reduce(reduce, beginning(start));

const events: readonly WatchEvent[] = [
  ...['shop-web-0', 'shop-web-1', 'shop-api-0', 'shop-network'].map(
    (machine): WatchEvent => ({ ...at(1), type: 'plan', machine, step: 'release', result: 'create' }),
  ),
  { ...at(1), type: 'planned', changes: 4, unchanged: 0 },
  { ...at(1), type: 'end', machine: 'shop-network', step: 'network', seconds: 0.2, result: 'done' },
  { ...at(1), type: 'machine', machine: 'shop-network', seconds: 0.2, result: 'done' },
  { ...at(2), type: 'start', machine: 'shop-web-0', step: 'release' },
  { ...at(2), type: 'steps', machine: 'shop-web-0', steps: ['packages', 'images', 'drain'] },
  { ...at(2), type: 'start', machine: 'shop-web-0', step: 'images' },
  { ...at(3), type: 'progress', machine: 'shop-web-0', step: 'images', done: 1, of: 3, unit: 'parts', text: 'app:2' },
  { ...at(2), type: 'start', machine: 'shop-api-0', step: 'drain' },
  { ...at(4), type: 'progress', machine: 'shop-api-0', step: 'drain', done: 0, of: 30, unit: 'seconds', text: '' },
];

const room = { columns: 80, rows: 24, now: start + 14_000 };

test('a line a machine has its step, its time and a bar where the length is known', () => {
  expect(draw(stateAfter(...events), room)).toEqual([
    '▸ shop-web-0  2/3 images                       12 s  ━━━─────── 1/3',
    '· shop-web-1  waits',
    '▸ shop-api-0  drain                            12 s  ━━━─────── 10/30 s',
    '  1 of 4 done, 14 s',
  ]);
});

test('a wide terminal shows what the step is at, too', () => {
  expect(draw(stateAfter(...events), { ...room, columns: 200 })[0]).toMatch(/━━━─────── 1\/3 {2}app:2$/);
});

test('a narrow terminal shows the step and its figures alone', () => {
  expect(draw(stateAfter(...events), { ...room, columns: 40 })).toEqual([
    '▸ shop-web-0  2/3 images  1/3',
    '· shop-web-1  waits',
    '▸ shop-api-0  drain  10/30 s',
    '  1 of 4 done, 14 s',
  ]);
});

test.each([10, 20, 40, 80, 200])(
  'no line is as wide as a terminal of %i columns, whatever a machine says',
  (columns) => {
    const note: WatchEvent = { ...at(5), type: 'note', machine: 'shop-web-1', text: `\u001b[2J${'日本'.repeat(200)}` };
    const begun: WatchEvent = { ...at(4), type: 'start', machine: 'shop-web-1', step: 'a step '.repeat(30) };
    for (const line of draw(stateAfter(...events, begun, note), { ...room, columns })) {
      expect(line.length).toBeLessThan(columns);
      expect(line).not.toMatch(/\p{Cc}|\p{Script=Han}/u);
    }
  },
);

test('more machines than rows: what failed, then what runs, and how many more there are', () => {
  const many = Array.from({ length: 40 }, (_, index) => `shop-web-${index}`).flatMap((machine): WatchEvent[] => [
    { ...at(1), type: 'plan', machine, step: 'release', result: 'update' },
  ]);
  const lines = draw(
    stateAfter(
      ...many,
      ...[{ ...at(1), type: 'planned' as const, changes: 40, unchanged: 0 }],
      ...[{ ...at(2), type: 'start' as const, machine: 'shop-web-30', step: 'release' }],
      ...[{ ...at(2), type: 'machine' as const, machine: 'shop-web-35', seconds: 3, result: 'failed' as const }],
    ),
    { ...room, rows: 10 },
  );
  expect(lines.length).toBeLessThan(10);
  expect(lines[0]).toBe('✗ shop-web-35  failed, 3.0 s');
  expect(lines[1]).toMatch(/^▸ shop-web-30 {2}release/);
  expect(lines.slice(-2)).toEqual(['  … and 34 more', '  0 of 40 done, 1 failed, 14 s']);
});

test('until there is a plan, the time of planning is shown', () => {
  expect(draw(beginning(start), room)).toEqual(['  plans what changes, 14 s']);
});

test('without a terminal each step is a line once it has ended, and a long one gives a sign of life each minute', () => {
  const state = stateAfter(...events);
  const end: WatchEvent = {
    ...at(20),
    type: 'end',
    machine: 'shop-web-0',
    step: 'images',
    seconds: 18.7,
    result: 'done',
  };
  expect(linesOf(end, state)).toEqual(['  shop-web-0               images                     19 s']);
  const alive = (seconds: number): WatchEvent => ({
    ...{ ...at(seconds), type: 'note', machine: 'shop-web-0', text: `still at work after ${seconds} s` },
  });
  expect([15, 30, 45, 60].flatMap((seconds) => linesOf(alive(seconds), state))).toEqual([
    '  shop-web-0               images: still at work after 1 min 0 s',
  ]);
  for (const event of events.filter(({ type }) => type === 'progress' || type === 'start')) {
    expect(linesOf(event, state)).toEqual([]);
  }
});
