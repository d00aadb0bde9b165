import fc from 'fast-check';
import { expect, test } from 'vitest';
import { days, type Schedule } from '../../../src/model/blueprint.ts';
import { hoursAt, hoursText } from '../../../src/model/hours.ts';

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;
const office: Schedule = { days: weekdays, start: '09:00', stop: '18:00', zone: 'Europe/Paris' };
const night: Schedule = { ...office, start: '20:00', stop: '06:00' };
const daily = (start: string, stop: string, zone = 'Europe/Paris'): Schedule => ({ days, start, stop, zone });

test.each([
  // 2026-11-27 is a Friday, and Paris an hour ahead of UTC
  ['during the day', office, '2026-11-27T12:00Z', 'on until fri 2026-11-27 18:00 (Europe/Paris)'],
  ['at the minute of the start', office, '2026-11-27T08:00Z', 'on until fri 2026-11-27 18:00 (Europe/Paris)'],
  ['a minute before the start', office, '2026-11-27T07:59Z', 'off until fri 2026-11-27 09:00 (Europe/Paris)'],
  ['at the minute of the stop', office, '2026-11-27T17:00Z', 'off until mon 2026-11-30 09:00 (Europe/Paris)'],
  ['at the weekend', office, '2026-11-29T12:00Z', 'off until mon 2026-11-30 09:00 (Europe/Paris)'],
  ['over midnight, before it', night, '2026-11-26T22:00Z', 'on until fri 2026-11-27 06:00 (Europe/Paris)'],
  ['over midnight, after it', night, '2026-11-27T04:00Z', 'on until fri 2026-11-27 06:00 (Europe/Paris)'],
  [
    'a start without a stop on the next day',
    night,
    '2026-11-28T12:00Z',
    'on until mon 2026-11-30 06:00 (Europe/Paris)',
  ],
  [
    'on one day of the week',
    { ...office, days: ['wed'] },
    '2026-11-26T12:00Z',
    'off until wed 2026-12-02 09:00 (Europe/Paris)',
  ],
  [
    'a day ahead of UTC',
    { ...office, zone: 'Pacific/Auckland' },
    '2026-11-29T21:00Z',
    'on until mon 2026-11-30 18:00 (Pacific/Auckland)',
  ],
  [
    'behind UTC, by half an hour more',
    daily('09:00', '18:00', 'America/St_Johns'),
    '2026-11-27T12:29Z',
    'off until fri 2026-11-27 09:00 (America/St_Johns)',
  ],
  // Clocks of Paris go from 02:00 to 03:00 on 2026-03-29, and from 03:00 to 02:00 on 2026-10-25
  [
    'the morning after summer time began',
    daily('09:00', '18:00'),
    '2026-03-29T06:59Z',
    'off until sun 2026-03-29 09:00 (Europe/Paris)',
  ],
  [
    'the same morning at nine',
    daily('09:00', '18:00'),
    '2026-03-29T07:00Z',
    'on until sun 2026-03-29 18:00 (Europe/Paris)',
  ],
  [
    'before a start that is left out',
    daily('02:30', '18:00'),
    '2026-03-29T00:59Z',
    'off until sun 2026-03-29 03:30 (Europe/Paris)',
  ],
  [
    'after a start that was left out',
    daily('02:30', '18:00'),
    '2026-03-29T01:30Z',
    'on until sun 2026-03-29 18:00 (Europe/Paris)',
  ],
  [
    'after a stop that comes twice, the first time',
    daily('09:00', '02:30'),
    '2026-10-25T00:45Z',
    'off until sun 2026-10-25 09:00 (Europe/Paris)',
  ],
  [
    'and the second time',
    daily('09:00', '02:30'),
    '2026-10-25T01:45Z',
    'off until sun 2026-10-25 09:00 (Europe/Paris)',
  ],
] as const)('%s', (_, schedule, now, text) => {
  expect(hoursText(schedule, hoursAt(schedule, Date.parse(now)))).toBe(text);
});

test('in any zone, at any time, the next change lies ahead, and things are otherwise after it', () => {
  const time = fc
    .tuple(fc.nat(23), fc.nat(59))
    .map((parts) => parts.map((part) => `${part}`.padStart(2, '0')).join(':'));
  const zones = [
    'Europe/Paris',
    'America/St_Johns',
    'Pacific/Auckland',
    'Asia/Kathmandu',
    'Etc/UTC',
    'Australia/Lord_Howe',
  ];
  const schedules = fc
    .record({
      days: fc.uniqueArray(fc.constantFrom(...days), { minLength: 1 }),
      start: time,
      stop: time,
      zone: fc.constantFrom(...zones),
    })
    .filter(({ start, stop }) => start !== stop);
  const now = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(schedules, now, (schedule, date) => {
      const at = date.getTime();
      const { on, until } = hoursAt(schedule, at);
      expect(until).toBeGreaterThan(at);
      expect(hoursAt(schedule, until - 1).on).toBe(on);
      expect(hoursAt(schedule, until).on).toBe(!on);
    }),
  );
});
