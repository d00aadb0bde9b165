import { type AlertOptions, heartbeatAlert, people, testAlert } from '../model/alerting.ts';
import type { Schedule } from '../model/blueprint.ts';
import type { Container } from '../model/service.ts';
import { secret, type Value } from '../model/value.ts';
import { onHours } from './onHours.ts';

const secretsFolder = '/etc/alertmanager-secrets';
const fileOf = (name: string): string => `${secretsFolder}/${name}`;

/** Returns the files with the receivers' secrets, which only Alertmanager reads, by their path in its container */
export function receiverFiles(alerts: AlertOptions | undefined): NonNullable<Container['secretFiles']> {
  const secrets = {
    discord: alerts?.discord,
    slack: alerts?.slack?.webhook,
    webhook: alerts?.webhook,
    email: alerts?.email?.password,
    heartbeat: alerts?.deadMansSwitch?.url,
  };
  return Object.fromEntries(
    Object.entries(secrets).flatMap(([name, value]): [string, Value][] =>
      value ? [[fileOf(name), secret(value.secret)]] : [],
    ),
  );
}

/** Returns the configuration of Alertmanager */
export function alertConfiguration(
  system: string,
  alerts: AlertOptions | undefined,
  hours: Readonly<Record<string, Schedule>>,
) {
  const heartbeat = alerts?.deadMansSwitch;
  return {
    templates: ['message.tmpl'],
    route: {
      receiver: people,
      group_by: ['alertname', 'machine'],
      group_wait: `${alerts?.groupSeconds ?? 10}s`,
      // What joins a group and what has ended is told this much later at most
      group_interval: '30s',
      repeat_interval: `${alerts?.repeatHours ?? 4}h`,
      routes: [
        {
          matchers: [`alertname="${heartbeatAlert}"`],
          receiver: heartbeat ? 'heartbeat' : 'nobody',
          ...(heartbeat && {
            group_wait: '0s',
            group_interval: `${heartbeat.everyMinutes}m`,
            // Each turn of the group sends one that was sent before this: with the same interval, the turn after one that was
            // late would come too early and be left out
            repeat_interval: `${heartbeat.everyMinutes * 30}s`,
          }),
        },
        // Each test is a group of its own, sent at once
        { matchers: [`alertname="${testAlert}"`], receiver: people, group_by: ['test'], group_wait: '0s' },
        ...Object.keys(hours).map((role) => ({
          matchers: [`machine=~"${system}-${role}-[0-9]+"`],
          receiver: people,
          active_time_intervals: [`${role}-on`],
        })),
      ],
    },
    receivers: [
      { name: people, ...receiverOf(alerts) },
      heartbeat
        ? { name: 'heartbeat', webhook_configs: [{ url_file: fileOf('heartbeat'), send_resolved: false }] }
        : { name: 'nobody' },
    ],
    // Of a machine that is down, nothing else is news
    inhibit_rules: [
      {
        source_matchers: ['alertname="MachineDown"'],
        target_matchers: ['alertname!="MachineDown"'],
        equal: ['machine'],
      },
    ],
    time_intervals: Object.entries(hours).map(([role, schedule]) => ({
      name: `${role}-on`,
      time_intervals: onHours(schedule),
    })),
  };
}

/** Without options, the receiver tells nobody */
function receiverOf(alerts: AlertOptions | undefined) {
  if (!alerts) return {};
  const { discord, slack, webhook, email } = alerts;
  const both = { send_resolved: alerts.resolved };
  const texts = { title: '{{ template "berth.title" . }}' };
  return {
    ...(discord && {
      discord_configs: [
        { ...both, ...texts, webhook_url_file: fileOf('discord'), message: '{{ template "berth.text" . }}' },
      ],
    }),
    ...(slack && {
      slack_configs: [
        {
          ...{ ...both, ...texts, api_url_file: fileOf('slack'), text: '{{ template "berth.text" . }}' },
          ...(slack.channel && { channel: slack.channel }),
        },
      ],
    }),
    ...(webhook && { webhook_configs: [{ ...both, url_file: fileOf('webhook') }] }),
    ...(email && {
      email_configs: email.to.map((to) => ({
        ...{ ...both, to, from: email.from, smarthost: email.server, require_tls: true },
        ...(email.password && { auth_username: email.user ?? email.from, auth_password_file: fileOf('email') }),
        ...{ headers: { Subject: '{{ template "berth.title" . }}' }, html: '', text: '{{ template "berth.text" . }}' },
      })),
    }),
  };
}
