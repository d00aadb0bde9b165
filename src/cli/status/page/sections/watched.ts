import { renewedBeforeDays } from '../../reportTable.ts';
import { certificatesOf } from '../certificates.ts';
import type { Monitoring, PageData } from '../data.ts';
import { html, type Markup } from '../html.ts';
import { foldingTable } from '../table.ts';
import { counted, mark, moment } from '../words.ts';

/** Returns the certificates that visitors see, with their days */
export function certificates(data: PageData): Markup {
  const rows = certificatesOf(data).map(({ name, issuer, until, days }) => [
    name,
    html`${daysMark(days)}`,
    until.toISOString().slice(0, 10),
    issuer,
  ]);
  return html`<section id="certificates" aria-labelledby="certificates-head"><h2 id="certificates-head">Certificates</h2>${
    rows.length === 0
      ? html`<p class="none">No site of this stack answered with a certificate.</p>`
      : foldingTable('As visitors see them', ['Name', 'Days left', 'Valid until', 'Issuer'], rows)
  }</section>`;
}

function daysMark(days: number): Markup {
  if (days < 0) return mark('down', 'expired');
  return mark(days < renewedBeforeDays ? 'warning' : 'well', counted(days, 'day'));
}

/** Returns what fires, with where to look further */
export function alerts({ monitoring, madeAt }: PageData): Markup {
  const watched = Object.entries(monitoring).filter(([, { kind }]) => kind !== 'none');
  return html`<section id="alerts" aria-labelledby="alerts-head"><h2 id="alerts-head">Alerts</h2>${
    watched.length === 0
      ? html`<p class="none">No system of this stack has monitoring: set <code>monitoring: true</code> in its entry.</p>`
      : watched.map(([system, one]) => html`<p>${alertsOf(system, one)}</p>${firing(system, one, madeAt)}`)
  }</section>`;
}

function alertsOf(system: string, one: Monitoring): Markup {
  if (one.kind === 'silent') return html`${system} ${mark('unknown', 'not asked')} ${one.why}`;
  if (one.kind === 'none' || !one.alerts) return html`${system} ${mark('down', 'does not answer')}`;
  const { firing: all, heartbeat } = one.alerts;
  if (!heartbeat) return html`${system} ${mark('down')} Alertmanager hears nothing of Prometheus`;
  return all.length === 0
    ? html`${system} ${mark('well')} nothing fires`
    : html`${system} ${mark('warning', `${all.length} firing`)}`;
}

function firing(system: string, one: Monitoring, now: Date): Markup | undefined {
  if (one.kind !== 'told' || !one.alerts || one.alerts.firing.length === 0) return undefined;
  const rows = one.alerts.firing.map(({ alert, severity, machine, since, summary, description, silenced }) => [
    alert,
    silenced ? mark('off', `${severity}, silenced`) : mark(severity === 'critical' ? 'down' : 'warning', severity),
    html`${summary}<br><small>${description}</small>`,
    machine,
    moment(since, now),
  ]);
  return foldingTable(`What fires in ${system}`, ['Alert', 'Severity', 'What', 'Machine', 'Since'], rows);
}
