import { expect, test } from 'vitest';
import { offText } from '../../../src/hosts/hours.ts';

const schedule = { days: ['fri'], start: '09:00', stop: '18:00', zone: 'Europe/Paris' } as const;

test('a release for a machine that is off is said at once, with its hours', () => {
  expect(offText('mad-api-0-release', schedule, Date.parse('2026-11-27T20:00Z'))).toMatch(
    /^mad-api-0 is off until fri 2026-12-04 09:00 \(Europe\/Paris\) by its schedule: /,
  );
  expect(offText('mad-api-0-release', schedule, Date.parse('2026-11-27T12:00Z'))).toBeUndefined();
});
