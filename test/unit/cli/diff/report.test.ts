import { expect, test } from 'vitest';
import { toldSteps } from '../../../../src/cli/diff/ask.ts';
import { diffText, isAsked, isChanged, type MachineDiff } from '../../../../src/cli/diff/report.ts';

const machines: readonly MachineDiff[] = [
  { system: 'shop', machine: 'shop-database-0', kind: 'same' },
  {
    ...{ system: 'shop', machine: 'shop-web-0', kind: 'steps', live: '1.0', version: '1.1' },
    steps: [
      { does: 'start app green', reason: 'its definition changes, a → b: image app:1.0 → app:1.1' },
      { does: 'leave the edge as it is until restartEdge is set', reason: 'its definition changes, c → d' },
    ],
  },
  { system: 'shop', machine: 'shop-web-1', kind: 'new' },
  { system: 'mad', machine: 'mad-web-0', kind: 'off', hours: 'off until mon' },
  { system: 'mad', machine: 'mad-web-1', kind: 'unasked', why: 'berth@192.0.2.1:22 login failed: it is away' },
  { system: 'mad', machine: 'mad-web-2', kind: 'steps', live: '2', version: '2', steps: [] },
];

test('a person sees, machine by machine and in order, what changes and why, what waits, and who was not asked', () => {
  expect(diffText(machines)).toBe(`shop
  shop-database-0: nothing to do
  shop-web-0, 1.0 → 1.1:
    start app green: its definition changes, a → b: image app:1.0 → app:1.1
    leave the edge as it is until restartEdge is set: its definition changes, c → d
  shop-web-1: new: everything
mad
  mad-web-0: is off until mon, not checked
  mad-web-1: berth@192.0.2.1:22 login failed: it is away
  mad-web-2: nothing to do
`);
});

test('a machine that has nothing to do is no change; one that could not be asked is no answer', () => {
  expect(machines.filter(isChanged).map(({ machine }) => machine)).toEqual([
    ...['shop-web-0', 'shop-web-1', 'mad-web-0', 'mad-web-1'],
  ]);
  expect(machines.filter((one) => !isAsked(one)).map(({ machine }) => machine)).toEqual(['mad-web-1']);
});

test("what a machine says can't steer the terminal", () => {
  const steps = [{ does: '\u001b[2Jstart', reason: 'x\u0007' }];
  const told = diffText([{ system: 'shop', machine: 'm', kind: 'steps', live: '', version: '1', steps }]);
  expect(told).toBe('shop\n  m, no version → 1:\n    ?[2Jstart: x?\n');
});

test('a machine that refuses, or answers otherwise, is told with its last words', () => {
  expect(toldSteps({ code: 75, stdout: '', stderr: 'one\na release runs on it at this moment\n' })).toEqual({
    kind: 'unasked',
    why: 'a release runs on it at this moment',
  });
  expect(toldSteps({ code: 0, stdout: '{}', stderr: '' })).toMatchObject({ kind: 'unasked' });
  expect(toldSteps({ code: undefined, stdout: '', stderr: '' })).toMatchObject({ why: 'it ended with code none' });
  const steps = [{ stage: 'switch', does: 'x', reason: 'y' }];
  expect(toldSteps({ code: 0, stdout: JSON.stringify({ live: '1', version: '2', steps }), stderr: '' })).toEqual({
    ...{ kind: 'steps', live: '1', version: '2', steps },
  });
});
