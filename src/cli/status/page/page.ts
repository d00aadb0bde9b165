import { createHash } from 'node:crypto';
import { concernsOf } from './attention.ts';
import type { PageData } from './data.ts';
import { html, type Markup, trusted } from './html.ts';
import { machines } from './sections/machines.ts';
import { diagram, reach } from './sections/network.ts';
import { releases } from './sections/releases.ts';
import { headline, state } from './sections/state.ts';
import { systems } from './sections/systems.ts';
import { alerts, certificates } from './sections/watched.ts';
import { backups, jobs } from './sections/work.ts';
import { style } from './style.ts';
import { mark } from './words.ts';

/** Size of a page, so that it is soon there on a phone, too */
export const mostBytes = 100_000;

/** What browsers may do with a page: show its one stylesheet, and nothing else */
export const contentPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  ...['img-src data:', "base-uri 'none'", "form-action 'none'"],
].join('; ');

/** What a page may have, the whole first */
const variants = [
  { hasDiagram: true, hasCharts: true },
  { hasDiagram: false, hasCharts: true },
  { hasDiagram: false, hasCharts: false },
] as const;

/** Returns the page of a stack. Of a large stack, the diagram is left out, then the charts, so that it stays small */
export function page(data: PageData): string {
  let text = '';
  for (const variant of variants) {
    text = document(data, variant);
    if (Buffer.byteLength(text) <= mostBytes) break;
  }
  return text;
}

const contents = [
  ...(['systems', 'machines', 'certificates', 'backups', 'jobs', 'releases', 'alerts'] as const),
  ...(['reach', 'diagram'] as const),
];

function document(data: PageData, { hasDiagram, hasCharts }: (typeof variants)[number]): string {
  const { stack, madeAt } = data;
  const concerns = concernsOf(data);
  const told = headline(concerns.length, concerns.filter(({ grave }) => grave).length);
  const body = html`<a class="skip" href="#state">To the state of the stack</a><header><h1>${stack}</h1><p class="quiet">as of <time datetime="${madeAt.toISOString()}">${madeAt.toISOString().slice(0, 19).replace('T', ' ')} UTC</time>, seen from one computer</p></header><main>${state(data, concerns)}<nav aria-label="Sections"><ul>${contents.map(
    (name) => html`<li><a href="#${name}">${name === 'reach' ? 'who may reach what' : name}</a></li>`,
  )}</ul></nav>${systems(data, hasCharts)}${machines(data, hasCharts)}${certificates(data)}${backups(data)}${jobs(data)}${releases(data)}${alerts(data)}${reach(data)}${diagram(data, hasDiagram)}</main><footer><p>Made by <code>berth status ${stack}</code>. All times are UTC.</p></footer>`;
  return framed(`${stack}: ${told}`, body);
}

/** Returns a page with a message alone */
export const messagePage = (title: string, message: string): string =>
  framed(title, html`<main><h1>${title}</h1><p>${mark('down')} ${message}</p></main>`);

const framed = (title: string, body: Markup): string =>
  `<!doctype html>${
    html`<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="Content-Security-Policy" content="${trusted(contentPolicy)}"><meta name="robots" content="noindex"><meta name="referrer" content="no-referrer"><link rel="icon" href="data:,"><title>${title}</title><style>${trusted(style)}</style></head><body>${body}</body></html>`
      .text
  }\n`;
