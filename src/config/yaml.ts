import { type ErrorCode, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Problem } from '../model/problem.ts';
import { ConfigError } from './error.ts';
import { ambiguities } from './oneReading.ts';
import { type Path, pathText } from './path.ts';

/** Returns the line of everything under `config:`, by its path in error messages */
export function linesByPath(text: string): ReadonlyMap<string, number> {
  const counter = new LineCounter();
  const lines = new Map<string, number>();
  visit(parseDocument(text, { lineCounter: counter }), (_, node, ancestors) => {
    if (!isPair(node) && !isSeq(ancestors.at(-1))) return;
    const begin = isPair(node) ? node.key : node;
    const [, ...path] = pathTo([...ancestors, node]);
    if (isNode(begin)) lines.set(pathText(path), counter.linePos(begin.range?.[0] ?? 0).line);
  });
  return lines;
}

const pathTo = (nodes: readonly unknown[]): Path =>
  nodes.flatMap((node, depth): Path => {
    if (isPair(node)) return [isScalar(node.key) ? String(node.key.value) : ''];
    return isSeq(node) ? [node.items.indexOf(nodes[depth + 1])] : [];
  });

/**
 * Parses YAML that every reader reads in the same way
 * @param source the file's name in error messages
 * @throws {ConfigError} with line and column of each mistake, and without secrets
 */
export function parsedYaml(text: string, source: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  // A warning means that the value is not read as written
  const mistakes = [...document.errors, ...document.warnings].map(({ code, pos }) =>
    problem(code, lines.linePos(pos[0])),
  );
  visit(document, {
    Alias(_, alias) {
      if (!alias.resolve(document)) mistakes.push(problem('BAD_ALIAS', lines.linePos(alias.range?.[0] ?? 0)));
    },
  });
  if (mistakes.length > 0) throw new ConfigError(source, mistakes);
  const unclear = ambiguities(document).map(({ at, ...said }) => ({ path: pathOf(lines.linePos(at)), ...said }));
  if (unclear.length > 0) throw new ConfigError(source, unclear);
  try {
    return document.toJS();
  } catch {
    const fix = 'write each value where it is used';
    throw new ConfigError(source, [{ path: 'the file', message: 'has aliases (*name) that expand without end', fix }]);
  }
}

const pathOf = ({ line, col }: { line: number; col: number }): string => `line ${line}, column ${col}`;

const problem = (code: ErrorCode, position: { line: number; col: number }): Problem => ({
  path: pathOf(position),
  ...(said[code] ?? { message: `is not YAML (${code})` }),
});

/** Own messages, since those of the parser quote the file */
const said: Readonly<Partial<Record<ErrorCode, Omit<Problem, 'path'>>>> = {
  BAD_ALIAS: { message: 'is an alias (*name) without its anchor', fix: 'put text that starts with * in quotes' },
  BAD_DQ_ESCAPE: {
    message: 'is an unknown escape (\\…) in double quotes',
    fix: 'use single quotes, or write \\\\ for \\',
  },
  BAD_INDENT: {
    message: 'is not indented like its neighbours',
    fix: 'align it with the key above or below, two spaces a level',
  },
  BAD_SCALAR_START: { message: 'is text that starts with @ or `', fix: 'put it in quotes' },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'has a second `: ` on its line',
    fix: 'put text that contains `: ` in quotes; give each key a line',
  },
  DUPLICATE_KEY: {
    message: 'is a duplicate key of this block: one of the two would be lost',
    fix: 'keep one of them',
  },
  MISSING_CHAR: {
    message: 'is not terminated: a quote, a bracket, a comma or the `:` after a key is missing',
    fix: 'close what was opened before it',
  },
  MULTILINE_IMPLICIT_KEY: {
    message: 'is a key over several lines',
    fix: 'check that each key ends with `:` and that quotes are closed',
  },
  MULTIPLE_DOCS: { message: 'begins a second document (---)', fix: 'keep one document a file' },
  TAB_AS_INDENT: { message: 'is indented with a tab', fix: 'indent with spaces' },
  TAG_RESOLVE_FAILED: { message: 'has an unknown tag (!name)', fix: 'put text that starts with ! in quotes' },
  UNEXPECTED_TOKEN: { message: 'does not belong here', fix: 'check the quotes, brackets and indentation just before' },
};
