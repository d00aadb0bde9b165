import { machineLine } from '../../../ping/report.ts';
import type { MachineStatus } from '../../report.ts';
import { availability, line } from '../charts.ts';
import type { History, Monitoring, PageData, SeenMachine } from '../data.ts';
import { historyHours, known } from '../history.ts';
import { html, type Markup } from '../html.ts';
import { foldingTable } from '../table.ts';
import { mark, moment, percent } from '../words.ts';

/** Returns the machines: what each runs and how it is, with its last hours where a Prometheus asks it */
export function machines(data: PageData, charts: boolean): Markup {
  const { report, machines: seen, monitoring } = data;
  const rows = Object.entries(report.systems).flatMap(([system, { machines: own }]) => {
    const told = monitoring[system];
    const history = charts && told?.kind === 'told' ? told.history : undefined;
    return Object.entries(own).map(([name, machine]) => {
      const found = seen.find(({ pinged }) => pinged.name === name);
      return [
        html`${name}<br><small>${addresses(machine)}</small>`,
        html`${stateOf(machine, found)}${found && problemsOf(found)}${told && firingOf(name, told)}`,
        ...cellsOf(found, data.madeAt),
        ...(charts ? chartsOf(name, history) : []),
      ];
    });
  });
  const head = ['Machine', 'State', 'Release', 'Services', 'Disk', ...(charts ? ['Up', 'Processors', 'Memory'] : [])];
  const retire = Object.values(report.systems).flatMap(({ machines: own }) =>
    Object.entries(own).flatMap(([name, { retire: command }]) => (command === undefined ? [] : [[name, command]])),
  );
  return html`<section id="machines" aria-labelledby="machines-head"><h2 id="machines-head">Machines</h2>${
    rows.length === 0
      ? html`<p class="none">The systems of this stack have no machines.</p>`
      : foldingTable(
          `As they answered over SSH${charts ? `; charts cover the last ${historyHours} hours` : ''}`,
          head,
          rows,
        )
  }${
    retire.length > 0 &&
    html`<details><summary>Commands that remove berth from adopted machines</summary>${foldingTable('After the machine has left the stack', ['Machine', 'Command'], retire)}</details>`
  }</section>`;
}

const addresses = ({ role, publicAddress, privateAddress, bastion }: MachineStatus): string =>
  [
    `${role} at ${publicAddress}`,
    ...(privateAddress === publicAddress ? [] : [`${privateAddress} inside`]),
    ...(bastion === undefined ? [] : [`behind ${bastion}`]),
  ].join(', ');

function stateOf({ off, ssh }: MachineStatus, found?: SeenMachine): Markup {
  if (off !== undefined) return html`${mark('off')} <small>${off}</small>`;
  if (found) return machineLine(found.pinged).problems.length === 0 ? mark('well') : mark('warning');
  return ssh === 'answers'
    ? mark('unknown', 'not asked')
    : html`${mark('unknown', 'not reached')} <small>from this computer</small>`;
}

/** Alerts about a machine that nobody has silenced */
const firingOf = (name: string, told: Monitoring): Markup =>
  html`${(told.kind === 'told' ? (told.alerts?.firing ?? []) : [])
    .filter(({ machine, silenced }) => machine === name && !silenced)
    .map(({ alert, severity }) => html`<br>${mark(severity === 'critical' ? 'down' : 'warning', alert)}`)}`;

const problemsOf = ({ pinged }: SeenMachine): Markup =>
  html`${machineLine(pinged).problems.map((problem) => html`<br><small>${problem}</small>`)}`;

function cellsOf(found: SeenMachine | undefined, now: Date): readonly (Markup | string)[] {
  if (found?.pinged.answer.kind !== 'told') return ['', '', ''];
  const [, , , disk = '', release = '', services = ''] = machineLine(found.pinged).cells;
  const [live] = found.releases;
  return [html`${release}${live && html`<br><small>since ${moment(live.at, now)}</small>`}`, services, disk];
}

function chartsOf(name: string, history?: History): readonly (Markup | string)[] {
  if (!history) return ['', '', ''];
  const share = (kind: 'processors' | 'memory', what: string): Markup =>
    html`${line(history[kind][name], `${what} of ${name} in use`, percent, 1)}<small>${lastOf(history[kind][name])}</small>`;
  return [
    availability(history.up[name], `${name} answered`),
    share('processors', 'processors'),
    share('memory', 'memory'),
  ];
}

const lastOf = (series: History['memory'][string] | undefined): string => {
  const last = known(series).at(-1);
  return last === undefined ? '' : percent(last);
};
