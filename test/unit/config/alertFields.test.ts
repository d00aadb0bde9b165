import { expect, test } from 'vitest';
import { alertOptions } from '../../../src/config/alertFields.ts';

test('a receiver alone is enough: the end of an alert is told too, the first waits ten seconds, again after four hours', () => {
  expect(alertOptions.parse({ discord: { secret: 'discordWebhook' } })).toEqual({
    discord: { secret: 'discordWebhook' },
    resolved: true,
    groupSeconds: 10,
    repeatHours: 4,
  });
});

test.each([
  ['the address of a webhook in clear', { discord: 'https://discord.com/api/webhooks/1/word' }, 'discord'],
  [
    'a password in clear',
    { email: { to: ['a@b.fr'], from: 'a@b.fr', server: 'mail.b.fr:587', password: 'word' } },
    'email.password',
  ],
  ['mail to nobody', { email: { to: [], from: 'a@b.fr', server: 'mail.b.fr:587' } }, 'email.to'],
  [
    'a mail server without its port',
    { email: { to: ['a@b.fr'], from: 'a@b.fr', server: 'mail.b.fr' } },
    'email.server',
  ],
  [
    "a dead man's switch that is asked too rarely",
    { deadMansSwitch: { url: { secret: 'a' }, everyMinutes: 90 } },
    'deadMansSwitch.everyMinutes',
  ],
  ['a receiver that there is not', { teams: { secret: 'a' } }, ''],
])('%s is refused', (_, options, path) => {
  const { error } = alertOptions.safeParse(options);
  expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
});
