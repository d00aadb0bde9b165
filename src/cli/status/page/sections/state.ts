import type { Concern } from '../attention.ts';
import type { PageData } from '../data.ts';
import { html, type Markup } from '../html.ts';
import { counted, mark } from '../words.ts';

/** Returns what needs attention, as the first thing on the page */
export function state({ report }: PageData, concerns: readonly Concern[]): Markup {
  const grave = concerns.filter(({ grave }) => grave).length;
  const kind = grave > 0 ? 'down' : concerns.length > 0 ? 'warning' : 'well';
  return html`<section id="state" class="${kind}" aria-labelledby="state-head"><h2 id="state-head">${headline(concerns.length, grave)}</h2>${
    concerns.length === 0
      ? html`<p>${counted(Object.keys(report.systems).length, 'system')}: each site answers with its version, and nothing else needs attention.</p>`
      : html`<ul>${concerns.map(item)}</ul>`
  }</section>`;
}

/** Returns the state of the stack in one line, also for the title of the page */
export function headline(concerns: number, grave: number): string {
  if (concerns === 0) return 'All is well';
  if (grave === 0) return `${counted(concerns, 'thing')} to look at, nothing is down`;
  const rest = concerns - grave;
  return `${counted(grave, 'grave problem')}${rest > 0 ? `, ${counted(rest, 'more thing')} to look at` : ''}`;
}

const item = ({ grave, where, what, section }: Concern): Markup =>
  html`<li>${grave ? mark('down', 'grave') : mark('warning', 'look')}<span><a href="#${section}">${where}</a>: ${what}</span></li>`;
