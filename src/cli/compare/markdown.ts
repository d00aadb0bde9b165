import { code, fold, inlineCode } from '../github/markdown.ts';
import type { FileDifference } from './difference.ts';
import { type View, views } from './side.ts';

/** Comparison of a stack */
export type StackComparison =
  | { stack: string; kind: 'new' | 'gone' }
  | { stack: string; kind: 'both'; files: readonly FileDifference[]; failures: readonly MissingView[] };

/** A view that one side could not produce */
export interface MissingView {
  side: 'base' | 'head';
  view: View;
  why: string;
}

export function compareMarkdown(stacks: readonly StackComparison[]): string {
  return `${stacks.map(stackText).join('\n\n')}\n`;
}

/** Whether all views of the changed side could be produced */
export const isReadable = (compared: StackComparison): boolean =>
  compared.kind !== 'both' || compared.failures.every(({ side }) => side === 'base');

function stackText(compared: StackComparison): string {
  const title = `## ${inlineCode(compared.stack)}`;
  if (compared.kind !== 'both') return `${title}: ${compared.kind === 'new' ? 'a new stack' : 'the stack was removed'}`;
  const { files, failures } = compared;
  const count =
    files.length === 0 ? 'nothing differs' : `${files.length} ${files.length === 1 ? 'file differs' : 'files differ'}`;
  const order = [views.policies, views.matrix, views.cost];
  const sorted = [...alike(files)].sort((a, b) => rank(order, a) - rank(order, b));
  return [
    `${title}: ${isReadable(compared) ? count : 'it can no longer be read'}`,
    ...failures.map(failureText),
    ...sorted.map((same) => fold(titleOf(same), code(same[0]?.lines || '(no lines)', 'diff'))),
  ].join('\n\n');
}

/** Groups files with the same changed lines, such as those of a role's machines, so that they are shown once */
function alike(files: readonly FileDifference[]): Iterable<readonly FileDifference[]> {
  const groups = new Map<string, FileDifference[]>();
  for (const file of files) {
    const key = `${file.kind} ${file.path.split('/').slice(2).join('/') || file.path} ${file.lines}`;
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return groups.values();
}

/** Order of the views: policies, matrix and cost before the files of machines */
function rank(order: readonly string[], [first]: readonly FileDifference[]): number {
  const place = order.indexOf(first?.path ?? '');
  return place === -1 ? order.length : place;
}

function titleOf([first, ...others]: readonly FileDifference[]): string {
  const paths = [first, ...others].map((file) => (file?.path ?? '').replace(`${views.render}/`, ''));
  const machines = paths.slice(1).map((path) => path.split('/')[0]);
  const also = machines.length > 0 ? `, and the same for ${machines.join(', ')}` : '';
  return `${paths[0]}${also}${first?.kind === 'changed' ? '' : ` (${first?.kind})`}`;
}

const failureText = ({ side, view, why }: MissingView): string =>
  `**Error** of ${inlineCode(`berth ${view}`)} ${where[side]}\n\n${code(why, 'text')}`;

const where = { base: 'before the change: it is not compared', head: 'with the change' };
