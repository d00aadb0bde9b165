import { type Document, isAlias, isPair, isScalar, Scalar, visit } from 'yaml';
import type { Problem } from '../model/problem.ts';
import { isSecretPath } from './shown.ts';

/** An ambiguous value, with its position in the text */
export interface Ambiguity extends Omit<Problem, 'path'> {
  at: number;
}

/**
 * Returns values that berth's commands (YAML 1.2) and Pulumi's engine (much of YAML 1.1) read differently, and numbers
 * and booleans whose value differs from what is written (`3.10` is read as 3.1). Keys of other programs in a stack's
 * file are not checked.
 */
export function ambiguities(document: Document): readonly Ambiguity[] {
  const found: Ambiguity[] = [];
  visit(document, {
    Pair: (_, { key }, ancestors) =>
      keysOf(ancestors).join() === 'config' && !String(key).startsWith('berth:') ? visit.SKIP : undefined,
    Node(role, node, ancestors) {
      if (isAlias(node)) return;
      const words = node.tag !== undefined ? tagged : isScalar(node) ? reread(node, role === 'key') : undefined;
      if (words === undefined) return;
      const secret = !isScalar(node) || isSecretPath(keysOf(ancestors).slice(1));
      const fix = secret ? 'put it in quotes' : `put it in quotes: '${node.source}'`;
      found.push({ at: node.range?.[0] ?? 0, fix, ...words });
    },
  });
  return found;
}

/** Returns the keys above a node, from the top of the file */
const keysOf = (ancestors: readonly unknown[]): readonly string[] =>
  ancestors.flatMap((node) => (isPair(node) ? [isScalar(node.key) ? String(node.key.value) : ''] : []));

const tagged = {
  message: 'has a tag (!!name), which not every YAML parser supports',
  fix: 'put text in quotes instead',
};
const merge = {
  message: 'is a merge key (<<), which not every YAML parser supports',
  fix: 'write the keys where they are used',
};

function reread({ type, source, value }: Scalar, isKey: boolean): { message: string; fix?: string } | undefined {
  if (type !== Scalar.PLAIN || source === undefined) return undefined;
  if (isKey && source === '<<') return merge;
  if (typeof value === 'number' || typeof value === 'boolean') {
    return String(value) === source ? undefined : { message: `is read as a ${typeof value}, not as the written text` };
  }
  if (typeof value !== 'string') return undefined;
  if (date.test(source)) return { message: 'is read as a date, not as the written text' };
  return number.test(source.replaceAll('_', ''))
    ? { message: 'is read as a number, not as the written text' }
    : undefined;
}

// Text in YAML 1.2 that YAML 1.1 reads as a date or a number
const date = /^\d{4}-\d{1,2}-\d{1,2}(?:$|[Tt\s])/;
const number =
  /^[-+]?(?:0[bB][01]+|0[oO][0-7]+|0[xX][0-9a-fA-F]+|(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|\.(?:inf|nan))$/i;
