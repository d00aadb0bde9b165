import { expect, test } from 'vitest';
import { cronFrom, cronOf } from '../../../../src/render/cluster/cron.ts';

test.each([
  ['*-*-* 03:00', '0 3 * * *'],
  ['*-*-* 03:30:00', '30 3 * * *'],
  ['Mon *-*-* 00:05', '5 0 * * MON'],
  ['Mon..Fri *-*-* 09:00', '0 9 * * MON-FRI'],
  ['Mon,Wed *-*-* 09:00', '0 9 * * MON,WED'],
  ['*-*-01 03:00', '0 3 1 * *'],
  ['*-*-* *:0/15', '*/15 * * * *'],
  ['*-*-* 00/3:20', '20 */3 * * *'],
  ['*-*-* 02/3:20', '20 2-23/3 * * *'],
  ['*-*-* *:*/15', '*/15 * * * *'],
  ['Mon *-*-01 03:00', undefined],
  ['daily', undefined],
  ['2026-01-01 03:00', undefined],
])('%s is %s', (calendar, cron) => {
  expect(cronFrom(calendar)).toBe(cron);
});

test('what a CronJob cannot say is an error and no other time', () => {
  expect(() => cronOf('daily')).toThrow("a CronJob can't say daily");
});
