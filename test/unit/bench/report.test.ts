import { expect, test } from 'vitest';
import type { Contender } from '../../bench/peers/contender.ts';
import { ratios } from '../../bench/peers/ratios.ts';
import { report } from '../../bench/peers/report.ts';
import type { Sample } from '../../bench/peers/rows.ts';

const contender = (name: string, without: Contender['without'] = {}): Contender => ({
  name,
  without,
  deploy: async () => undefined,
  reset: async () => undefined,
});
const contenders = [
  contender('berth: pulumi up'),
  contender('berth: its release alone', { file: 'it needs a command of its own' }),
  contender('Ansible'),
];
const sample = (name: string, row: Sample['row'], seconds: number, failures?: number): Sample => ({
  ...{ contender: name, row, roundTrip: 0, seconds, logins: 1, bytes: 12_345 },
  ...(failures !== undefined && { load: { requests: 100, failures, p99Milliseconds: 9, firstAnswerSeconds: 3 } }),
});
const samples = [
  sample('berth: its release alone', 'nothing', 0.4),
  sample('berth: its release alone', 'nothing', 0.5),
  sample('berth: its release alone', 'nothing', 0.6),
  sample('Ansible', 'nothing', 10),
  sample('berth: pulumi up', 'file', 2),
  sample('berth: pulumi up', 'version', 6, 0),
  sample('Ansible', 'version', 9, 40),
];
const told = report({
  ...{ samples, contenders, rounds: 3, roundTrips: [0], versions: { ansible: '2.18' } },
  bounds: { login: { 0: 0.25 }, start: 2, stop: 1, engine: 1 },
  busy: { least: 0.5, most: 2 },
});

test('a row has the median of each tool with the least and the most, its logins and its bytes', () => {
  expect(told).toContain('| berth: its release alone | 0.50 (0.40–0.60) | 1 | 12 |');
  expect(told).toContain('| Ansible | 10.00 | 1 | 12 |');
});

test('a row under load says how many requests failed, of how many', () => {
  expect(told).toMatch(/\| Ansible \| 9\.00 \|.* 40 of 100 \| 9 \|/);
});

test('a row says what bounds it, and how far from that berth is', () => {
  expect(told).toContain(
    '`berth: its release alone` takes 2.0 × 0.25 s at 0 ms of its bound, one login that does nothing.',
  );
});

test('a tool that cannot be asked for a row is named with the reason', () => {
  expect(told).toContain('Not in this table: berth: its release alone: it needs a command of its own.');
});

test('ratios say how many times faster berth is, beside the goal; a row without samples has none', () => {
  expect(told).toContain('| nothing to do | berth: its release alone | Ansible | 20.0 × | ≥ 20.0 × |');
  expect(told).not.toContain('NaN ×');
});

test('a share above its goal, or a failed request of berth, breaks the limit', () => {
  const figures = ratios([...samples, sample('berth: pulumi up', 'version', 6, 1)]);
  const failed = figures.find(({ name }) => name.startsWith('berth: pulumi up: failed'));
  expect(failed).toMatchObject({ measured: 1, limit: 0 });
  expect(figures.find(({ name }) => name.endsWith('alone, to Ansible'))).toMatchObject({ measured: 0.05, limit: 0.05 });
});
