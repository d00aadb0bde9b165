import { z } from 'zod';
import { secretByName } from './applicationFields.ts';
import { emailAddress } from './fields.ts';
import { guided, textField } from './guide.ts';

const secretUrl = (what: string) =>
  guided(secretByName.describe(`${what} It is a secret, since whoever knows it may write there.`), {
    allowed: 'a secret by name, such as { secret: alertsWebhook }',
  });

const channel = textField({
  noun: 'the name of a channel',
  description: "The channel of Slack, where it is another than the webhook's own.",
  examples: ['#operations'],
  allowed: 'a channel such as "#operations", in quotes',
  pattern: /^[#@][a-z0-9._-]{1,80}$/,
});

const mailServer = textField({
  noun: 'a mail server with its port',
  description: 'The server that takes the mail, which must offer STARTTLS.',
  examples: ['smtp.example.org:587'],
  allowed: 'a host name and a port, such as smtp.example.org:587',
  pattern: /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?:[1-9]\d{0,4}$/,
});

const slack = guided(
  z.strictObject({
    webhook: secretUrl('The address of an incoming webhook of Slack.'),
    channel: channel.exactOptional(),
  }),
  { allowed: 'a block such as { webhook: { secret: slackWebhook } }' },
);

const email = guided(
  z.strictObject({
    to: guided(z.array(emailAddress).min(1).describe('Who gets the mail.'), {
      allowed: 'a list of e-mail addresses, such as [ops@example.org]',
    }),
    from: emailAddress.describe('The sender.'),
    server: mailServer,
    user: guided(z.string().min(1).describe('The login at the server. @default the sender'), {
      allowed: 'the name of a login',
    }).exactOptional(),
    password: guided(secretByName.describe('The password of the login. @default no login'), {
      allowed: 'a secret by name, such as { secret: mailPassword }',
    }).exactOptional(),
  }),
  { allowed: 'a block such as { to: [ops@example.org], from: …, server: "smtp.example.org:587" }' },
);

const deadMansSwitch = guided(
  z.strictObject({
    url: secretUrl('The address that is asked (POST) as long as Prometheus and Alertmanager work.'),
    everyMinutes: guided(z.int().min(1).max(60).describe('How often it is asked.'), {
      allowed: 'a whole number of minutes from 1 to 60',
    }).default(5),
  }),
  { allowed: 'a block such as { url: { secret: heartbeat }, everyMinutes: 5 }' },
);

/** Options of who is told of alerts: any of the receivers, or several, each of which gets every alert */
export const alertOptions = guided(
  z
    .strictObject({
      discord: secretUrl('The address of a webhook of a Discord channel.').exactOptional(),
      slack: slack.describe('A channel of Slack.').exactOptional(),
      webhook: secretUrl("An address that gets Alertmanager's JSON (POST).").exactOptional(),
      email: email.describe('Mail.').exactOptional(),
      resolved: z.boolean().default(true).describe('whether it is told, too, that an alert has ended'),
      groupSeconds: guided(
        z.int().min(1).max(600).describe('How long the first alert of a group waits for others of it.'),
        { allowed: 'a whole number of seconds from 1 to 600' },
      ).default(10),
      repeatHours: guided(
        z.int().min(1).max(168).describe('After how many hours an alert that goes on is told again.'),
        { allowed: 'a whole number of hours from 1 to 168' },
      ).default(4),
      deadMansSwitch: deadMansSwitch
        .describe(
          'An address elsewhere, such as one of healthchecks.io, that tells you itself when it is no longer asked: the ' +
            'one way to learn that the monitoring is gone.',
        )
        .exactOptional(),
    })
    .describe("Who is told of alerts. @default nobody: they appear on Alertmanager's page alone"),
  { allowed: 'a block such as { discord: { secret: discordWebhook } }' },
);
