import { cpus, totalmem } from 'node:os';
import { figure } from '../samples.ts';

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
