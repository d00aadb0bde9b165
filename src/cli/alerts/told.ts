import { printable, table } from '../table.ts';
import type { Alerts, Taken } from './read.ts';

/** Returns what fires in a system, for people: a line an alert, and below where to look */
export function firingText(system: string, { firing, heartbeat }: Alerts): string {
  const silent = heartbeat
    ? ''
    : `${system}: Alertmanager hears nothing of Prometheus, so that nobody is told of anything: see berth status --check\n`;
  if (firing.length === 0) return `${silent}${heartbeat ? `${system}: nothing fires\n` : ''}`;
  const rows = firing.map(({ alert, severity, machine, since, summary, silenced }) => [
    ...[`${since.slice(0, 16).replace('T', ' ')} UTC`, silenced ? `${severity}, silenced` : severity],
    ...[alert, machine || '-', summary],
  ]);
  const further = [...new Set(firing.map(({ alert, description }) => `${alert}: ${description}`))];
  return [
    `${silent}${table(['since', 'severity', 'alert', 'machine', 'what'], rows)}`,
    ...further.map((line) => `${printable(line)}\n`),
  ].join('\n');
}

const words: Readonly<Record<Taken['how'], string>> = {
  taken: 'took the test',
  refused: 'refused the test: is its address right? Alertmanager says why in its logs',
  'no answer': 'did not answer within 20 s: is its address right, and does the machine reach it?',
};

/** Returns what the receivers of a system did with a test, for people */
export const testText = (system: string, taken: readonly Taken[]): string =>
  taken.length === 0
    ? `${system}: nobody is told of alerts: its option alerts names no receiver\n`
    : taken.map(({ receiver, how }) => `${system}: ${receiver} ${words[how]}\n`).join('');
