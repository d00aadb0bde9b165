import { html, type Markup } from './html.ts';

type Cell = Markup | string;

/**
 * Returns a table that folds into blocks on a narrow screen, where each cell shows the head of its column. The roles keep it
 * a table for readers of screens there.
 */
export function foldingTable(caption: string, head: readonly string[], rows: readonly (readonly Cell[])[]): Markup {
  return html`<table role="table"><caption>${caption}</caption><thead role="rowgroup"><tr role="row">${head.map(
    (name) => html`<th role="columnheader" scope="col">${name}</th>`,
  )}</tr></thead><tbody role="rowgroup">${rows.map(
    (cells) =>
      html`<tr role="row">${cells.map((cell, column) => html`<td role="cell" data-head="${head[column] ?? ''}">${contentOf(cell)}</td>`)}</tr>`,
  )}</tbody></table>`;
}

/** One element, so that a folded cell has two columns */
const contentOf = (cell: Cell): Markup | undefined => (cell === '' ? undefined : html`<div>${cell}</div>`);
