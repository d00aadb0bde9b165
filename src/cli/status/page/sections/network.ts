import { portText } from '../../../../model/failover.ts';
import type { Party, Reach } from '../../../../model/matrix.ts';
import type { PageData } from '../data.ts';
import { html, type Markup, trusted } from '../html.ts';
import { foldingTable } from '../table.ts';
import { counted } from '../words.ts';

/** Returns who may reach what, and why */
export const reach = ({ reach: rows, stack }: PageData): Markup =>
  html`<section id="reach" aria-labelledby="reach-head"><details><summary><h2 id="reach-head">Who may reach what: ${counted(rows.length, 'rule')}, all else is closed</h2></summary>${foldingTable(
    `By the file of ${stack}`,
    ['From', 'To', 'Port', 'Why'],
    rows.map((row) => [source(row), `${row.system} ${row.to.role}`, portText(row), row.why]),
  )}</details></section>`;

function source({ system, from }: Reach): string {
  const told: Readonly<Record<Party['kind'], () => string>> = {
    internet: () => 'internet',
    role: () => (from.kind === 'role' ? `${system} ${from.role}` : ''),
    operators: () => ('networks' in from ? `operators: ${from.networks.join(', ')}` : ''),
    networks: () => (from.kind === 'networks' ? `${from.name}: ${from.networks.join(', ')}` : ''),
  };
  return told[from.kind]();
}

/** Returns the diagram, or where to get it */
export const diagram = ({ diagram: svg, stack }: PageData, shown: boolean): Markup =>
  html`<section id="diagram" aria-labelledby="diagram-head"><details><summary><h2 id="diagram-head">Diagram</h2></summary>${
    shown
      ? html`<p class="quiet">Machines, services and who may reach whom; the rules above say the same in words.</p><div class="scroll picture" role="region" aria-label="Diagram" tabindex="0">${trusted(slim(svg))}</div>`
      : html`<p>It is too large for this page: <code>berth diagram ${stack} --svg diagram.svg</code> draws it.</p>`
  }</details></section>`;

/** Returns an SVG of Graphviz as an element of a page, without what the stylesheet says already; its texts stay as they are */
export const slim = (svg: string): string =>
  svg
    .slice(Math.max(0, svg.indexOf('<svg')))
    .replace(/<!--[\s\S]*?-->|<title>[\s\S]*?<\/title>|\n+/g, '')
    .replace(/(?:&#160;|\u00a0)+(?=<\/text>)/g, '')
    .replace(/<[^>]*>/g, slimTag)
    .replace(/^<svg[^>]*viewBox="([^"]*)"[^>]*>/, '<svg aria-hidden="true" viewBox="$1">');

const slimTag = (tag: string): string =>
  tag
    .replace(/ (?:font-family|font-size|xml:space|xmlns(?::xlink)?|id|stroke)="[^"]*"/g, '')
    .replace(/ (?:text-anchor="start"|fill="(?:none|#475569|#334155|white)")/g, '')
    .replace(/(\d\.\d)\d+/g, '$1');
