import { describe, expect, test } from 'vitest';
import {
  type ComparedCommit,
  commitsInEffect,
  messageOf,
  type Older,
  type Order,
  orderOf,
  type Relation,
} from '../../../../src/cli/deploy/order.ts';
import type { Update } from '../../../../src/cli/history.ts';

const at = new Date('2026-11-28T20:00:00.000Z');

const update = (commit: string, more: Update & { system?: string; back?: boolean; role?: string } = {}): Update => {
  const { system, back, role, ...rest } = more;
  const environment = { 'git.head': commit };
  return { kind: 'update', result: 'succeeded', message: messageOf(at, system, back, role), environment, ...rest };
};
const whole = (commit: string, complete = true) => ({ commit, complete });
const alone = (commit: string, system: string, complete = true) => ({ commit, system, complete });

describe('the deployments that stand', () => {
  const mixed = [
    update('d', { system: 'basegun' }),
    update('c', { system: 'mad' }),
    update('b', { system: 'basegun' }),
    update('a'),
    update('o'),
  ];

  test.each<[string, readonly Update[], string | undefined, readonly object[]]>([
    ['none, where nothing was deployed', [], undefined, []],
    ['the last of the whole stack', [update('b'), update('a')], undefined, [whole('b')]],
    ['with those of one system since', mixed, undefined, [alone('d', 'basegun'), alone('c', 'mad'), whole('a')]],
    ['of one system the last of it', mixed, 'mad', [alone('c', 'mad')]],
    ['of one system, where it was never alone, the whole stack', mixed, 'lostops', [whole('a')]],
    [
      'one that failed, as parts of it may be there',
      [update('b', { result: 'failed' })],
      undefined,
      [whole('b', false)],
    ],
    ['the way back, which is no success', [update('b', { back: true }), update('a')], undefined, [whole('b', false)]],
    [
      'one role, which is not all of its system',
      [update('b', { system: 'mad', role: 'api' })],
      'mad',
      [alone('b', 'mad', false)],
    ],
    ['one by hand', [update('b', { message: '' })], undefined, [whole('b')]],
    ['previews and refreshes are none', [update('b', { kind: 'refresh' }), update('a')], undefined, [whole('a')]],
    ['nothing is left of what was destroyed', [update('x', { kind: 'destroy' }), update('a')], undefined, []],
    [
      'a destruction that failed left something',
      [update('x', { kind: 'destroy', result: 'failed' }), update('a')],
      undefined,
      [whole('a')],
    ],
    ['of one without a commit nobody knows', [update('b', { environment: {} }), update('a')], undefined, []],
  ])('%s', (_, listed, system, expected) => expect(commitsInEffect(listed, system)).toEqual(expected));

  test("what the engine notes is read back as it was written, a person's own message too", () => {
    expect(messageOf(at)).toBe('berth deploy, 2026-11-28T20:00:00.000Z');
    expect(messageOf(at, 'basegun', true)).toBe(
      'berth deploy --system basegun, putting back, 2026-11-28T20:00:00.000Z',
    );
    expect(commitsInEffect([update('b', { message: 'berth deploys --system mad' })])).toEqual([whole('b')]);
  });
});

describe('what becomes of a commit', () => {
  const seen = (relation: Relation, more: Partial<ComparedCommit> = {}): ComparedCommit => ({
    ...whole('d'),
    relation,
    ...more,
  });
  const unknown = { unknown: 'nobody knows' };
  const deploy = { kind: 'deploy', apart: [] } as const;

  test.each<[string, readonly ComparedCommit[], Older, string | undefined, Order]>([
    ['the first', [], 'refuse', undefined, deploy],
    ['the same', [seen('same')], 'refuse', undefined, deploy],
    ['a newer one', [seen('newer')], 'refuse', undefined, deploy],
    ['one of another branch', [seen('apart')], 'refuse', undefined, { kind: 'deploy', apart: [whole('d')] }],
    ['an older one', [seen('older')], 'refuse', undefined, { kind: 'older', than: whole('d') }],
    ['an older one that nobody asked for', [seen('older')], 'skip', undefined, { kind: 'superseded', by: whole('d') }],
    ['an older one that is asked for', [seen('older')], 'deploy', undefined, deploy],
    [
      'an older one than what failed, which has not brought what this one brings',
      [seen('older', { complete: false })],
      'skip',
      undefined,
      { kind: 'older', than: whole('d', false) },
    ],
    [
      'an older one than that of one system, which has not brought it to the others',
      [seen('older', alone('d', 'mad')), seen('newer', whole('a'))],
      'skip',
      undefined,
      { kind: 'older', than: alone('d', 'mad') },
    ],
    [
      'an older one of that system alone',
      [seen('older', alone('d', 'mad'))],
      'skip',
      'mad',
      { kind: 'superseded', by: alone('d', 'mad') },
    ],
    [
      'one that is older than the whole, where one system went back since',
      [seen('newer', alone('a', 'mad')), seen('older')],
      'skip',
      undefined,
      { kind: 'superseded', by: whole('d') },
    ],
    [
      'one of which nobody knows',
      [seen(unknown)],
      'skip',
      undefined,
      { kind: 'unknown', than: whole('d'), reason: 'nobody knows' },
    ],
    ['one of which nobody knows, and that is asked for', [seen(unknown)], 'deploy', undefined, deploy],
  ])('%s', (_, compared, older, system, expected) => expect(orderOf(compared, older, system)).toEqual(expected));
});
