import { z } from 'zod';
import { days } from '../model/blueprint.ts';
import { guided, textField } from './guide.ts';

const time = textField({
  noun: 'a time of day',
  description: 'A time of day, 24 hours.',
  examples: ['09:00', '18:30'],
  allowed: 'hours and minutes in quotes, such as "09:00"',
  pattern: /^(?:[01]\d|2[0-3]):[0-5]\d$/,
});

const zone = textField({
  noun: 'a time zone',
  description: 'The IANA name of a time zone.',
  examples: ['Europe/Paris', 'Etc/UTC'],
  allowed: 'the IANA name of a time zone, such as Europe/Paris',
  pattern: /^[A-Z][A-Za-z_]+(?:\/[A-Za-z0-9_+-]+)*$/,
  flaw: (value) => (isZone(value) ? undefined : { message: 'is not a time zone' }),
});

/** Running hours of a role's machines */
export const schedule = guided(
  z
    .strictObject({
      days: guided(z.array(z.enum(days)).min(1).describe('The days on which they start and stop.'), {
        allowed: `a list of ${days.join(', ')}`,
      }),
      start: time.describe('When they start.'),
      stop: time.describe('When they stop.'),
      zone: zone.default('Etc/UTC'),
    })
    .describe(
      'The hours in which the machines run; always without a schedule. A start on a day without a stop leaves them running.',
    ),
  { allowed: 'a block such as { days: [mon, tue], start: "09:00", stop: "18:00", zone: Europe/Paris }' },
);

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}
