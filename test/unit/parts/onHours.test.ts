import fc from 'fast-check';
import { expect, test } from 'vitest';
import { days, type Schedule } from '../../../src/model/blueprint.ts';
import { hoursAt } from '../../../src/model/hours.ts';
import { onHours } from '../../../src/parts/onHours.ts';

const office: Schedule = { days: ['mon', 'fri'], start: '09:00', stop: '18:00', zone: 'Europe/Paris' };

test('alerts of a machine are told from ten minutes after its start until its stop', () => {
  expect(onHours(office)).toEqual([
    { weekdays: ['monday'], times: [{ start_time: '09:10', end_time: '18:00' }], location: 'Europe/Paris' },
    { weekdays: ['friday'], times: [{ start_time: '09:10', end_time: '18:00' }], location: 'Europe/Paris' },
  ]);
});

test('hours over midnight, and over a weekend that no stop ends, are cut at each midnight', () => {
  const found = onHours({ ...office, days: ['fri'], start: '20:00', stop: '06:00' });
  expect(found.map(({ weekdays, times: [{ start_time, end_time }] }) => [...weekdays, start_time, end_time])).toEqual([
    ['friday', '20:10', '24:00'],
    ['saturday', '00:00', '24:00'],
    ['sunday', '00:00', '24:00'],
    ['monday', '00:00', '24:00'],
    ['tuesday', '00:00', '24:00'],
    ['wednesday', '00:00', '24:00'],
    ['thursday', '00:00', '24:00'],
    ['friday', '00:00', '06:00'],
  ]);
});

const time = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 })).map(clock);
const schedules = fc
  .record({ days: fc.uniqueArray(fc.constantFrom(...days), { minLength: 1 }), start: time, stop: time })
  .filter(({ start, stop }) => start !== stop);

test('at any minute alerts are told just where the machine has been on for ten minutes', () => {
  const week = Date.parse('2026-11-23T00:00:00Z');
  fc.assert(
    fc.property(schedules, fc.integer({ min: 0, max: 7 * 1440 - 1 }), (given, minute) => {
      const schedule = { ...given, zone: 'Etc/UTC' };
      const at = week + minute * 60_000;
      const day = new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'UTC' }).format(at).toLowerCase();
      const now = clock([Math.floor((minute % 1440) / 60), minute % 60]);
      const told = onHours(schedule).some(
        ({ weekdays, times: [{ start_time, end_time }] }) => weekdays[0] === day && start_time <= now && now < end_time,
      );
      const on = Array.from({ length: 11 }, (_, before) => hoursAt(schedule, at - before * 60_000).on);
      expect(told).toBe(on.every(Boolean));
    }),
    { numRuns: 40 },
  );
});

function clock([hour, minute]: readonly [number, number] | number[]): string {
  return [hour, minute].map((part) => `${part}`.padStart(2, '0')).join(':');
}
