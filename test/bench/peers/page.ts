import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { checkout } from '../../../src/paths.ts';
import { figure } from '../samples.ts';

const file = join(checkout, 'docs', 'performance.md');

/** Replaces the part of docs/performance.md between its markers, `<!-- name -->` and `<!-- /name -->` */
export async function writePart(name: string, text: string): Promise<void> {
  const page = await readFile(file, 'utf8');
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from === -1 || to < from)
    throw new Error(`docs/performance.md has no part ${name}: ${begin} and ${end} are missing`);
  await writeFile(file, `${page.slice(0, from)}${begin}\n\n${text.trim()}\n\n${page.slice(to)}`);
}

/** A table of Markdown; the first row is its head */
export const table = ([head = [], ...rows]: readonly (readonly string[])[]): string =>
  [head, head.map((_, column) => (column === 0 ? '---' : '--:')), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');

/** The computer of a run, without a name, and its day */
export const computer = (): string =>
  `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB of memory`;

/** The median of some measurements, with the least and the most */
export function spread(values: readonly number[], digits = 2): string {
  if (values.length === 0) return '–';
  const { measured, range } = figure('', values, '');
  const [least, most] = [range?.least ?? measured, range?.most ?? measured].map((value) => value.toFixed(digits));
  return least === most ? measured.toFixed(digits) : `${measured.toFixed(digits)} (${least}–${most})`;
}
