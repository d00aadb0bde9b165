import { shortVersion } from '../../../ping/report.ts';
import type { SystemStatus } from '../../report.ts';
import { dnsState, isOff } from '../../reportTable.ts';
import { availability, line } from '../charts.ts';
import type { Monitoring, PageData } from '../data.ts';
import { historyHours, known, mean } from '../history.ts';
import { html, link, type Markup } from '../html.ts';
import { foldingTable } from '../table.ts';
import { mark, milliseconds, percent } from '../words.ts';

/** Returns the systems: what answers, and how their sites fared in the last hours */
export function systems({ report, monitoring }: PageData, charts: boolean): Markup {
  const all = Object.entries(report.systems);
  const records = all.flatMap(([, { records: own, cloud }]) => own.map((record) => ({ record, cloud })));
  return html`<section id="systems" aria-labelledby="systems-head"><h2 id="systems-head">Systems</h2>${
    charts &&
    Object.values(monitoring).some(({ kind }) => kind === 'told') &&
    html`<p class="quiet">Charts cover the last ${historyHours} hours: a full red column means no answer, an orange one some, a thin line that nothing is known.</p>`
  }<div class="cards">${all.map(([name, status]) =>
    card(name, status, monitoring[name] ?? { kind: 'none' }, charts),
  )}</div>${
    records.length > 0 &&
    html`<details><summary>Names in DNS: ${records.length}</summary>${foldingTable(
      'Records of the stack, as this computer resolves them',
      ['Name', 'Type', 'Value', 'State'],
      records.map(({ record, cloud }) => [record.name, record.type, record.value, dnsState(record, cloud)]),
    )}</details>`
  }</section>`;
}

function card(name: string, status: SystemStatus, monitoring: Monitoring, charts: boolean): Markup {
  const { url, cloud, version, answered, cluster } = status;
  return html`<article class="card"><h3>${name} ${shortVersion(version.declared)} ${healthOf(status)}</h3><p>${link(url)}</p><p class="quiet">on ${cloud}${
    answered && html`, answers ${answered.status} in ${answered.milliseconds} ms`
  }${version.told === false && ', its site tells no version'}</p>${
    cluster &&
    html`<p class="quiet">namespace ${cluster.namespace}: ${Object.values(cluster.workloads)
      .map(({ kind, name: workload, pods }) => `${kind} ${workload} with ${pods}`)
      .join(', ')}</p>`
  }${charts && lastHours(monitoring)}</article>`;
}

function healthOf(status: SystemStatus): Markup {
  if (isOff(status.machines)) return mark('off', 'off by its schedule');
  return status.healthy ? mark('well') : mark('down');
}

function lastHours(monitoring: Monitoring): Markup {
  if (monitoring.kind === 'none')
    return html`<p class="none">It has no Prometheus, so nothing is known of its last hours.</p>`;
  if (monitoring.kind === 'silent') return html`<p class="none">Its Prometheus was not asked: ${monitoring.why}</p>`;
  const { answered, took, requests, errors } = monitoring.history;
  const served = Object.entries(requests);
  return html`<dl class="sites">${Object.keys(answered)
    .sort()
    .map(
      (site) =>
        html`<div><dt><span>${site}</span><span class="figure">${siteFigures(mean(answered[site]), mean(took[site]))}</span></dt><dd>${availability(answered[site], `${site} answered`)}</dd></div>`,
    )}${served.map(([machine, series]) => {
    const failed = mean(errors[machine]) ?? 0;
    const all = mean(series) ?? 0;
    return html`<div><dt><span>requests at ${machine}</span><span class="figure">${rate(known(series).at(-1) ?? 0)}${
      failed > 0 && all > 0 && `, ${percent(failed / all)} failed`
    }</span></dt><dd>${line(series, `requests at ${machine}`, rate)}</dd></div>`;
  })}</dl>`;
}

const siteFigures = (share?: number, seconds?: number): string =>
  [share === undefined ? '' : percent(share), seconds === undefined ? '' : milliseconds(seconds)]
    .filter((text) => text !== '')
    .join(', ');

const rate = (perSecond: number): string => `${perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond)} a second`;
