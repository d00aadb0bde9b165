import { isNode, LineCounter, parseDocument, Scalar, visit } from 'yaml';
import { startOf } from '../new/compose/document.ts';
import { recordOf } from '../new/compose/merge.ts';
import type { Finding, Place } from '../new/finding.ts';
import { hidden } from './found.ts';

/** A YAML or JSON file, with the place of each value */
export interface YamlFile {
  data: unknown;
  /** Place of a value; of the nearest one above it where it has no line of its own */
  at(...path: readonly (string | number)[]): Place;
  findings: readonly Finding[];
}

/**
 * Reads a file of another tool. Values that ansible-vault encrypted become `hidden`; a file that is no YAML has one
 * finding, which refuses it, and no data
 */
export function yamlFile(text: string, file: string): YamlFile {
  const counter = new LineCounter();
  const document = parseDocument(text, { merge: true, lineCounter: counter, prettyErrors: false, logLevel: 'silent' });
  const placeOf = (offset: number): Place => ({ file, line: counter.linePos(offset).line });
  const [mistake] = document.errors;
  // The parser's message may quote the file
  if (mistake) return nothing(placeOf(mistake.pos[0]), `is no YAML (${mistake.code})`);
  visit(document, {
    Scalar(key, node) {
      const isVaulted = node.tag === '!vault' || (typeof node.value === 'string' && isVault(node.value));
      return isVaulted && key !== 'key' ? new Scalar(mark) : undefined;
    },
  });
  const at = (...path: readonly (string | number)[]): Place => {
    for (let depth = path.length; depth > 0; depth -= 1) {
      const found = startOf(document.contents, path.slice(0, depth));
      if (found !== undefined) return placeOf(found);
    }
    return { file, line: isNode(document.contents) ? placeOf(document.contents.range?.[0] ?? 0).line : 1 };
  };
  try {
    return { data: withHidden(document.toJS()), at, findings: [] };
  } catch {
    return nothing({ file, line: 1 }, 'is no YAML (an alias has no anchor, or expands without end)');
  }
}

/** Whether a text was encrypted by ansible-vault */
export const isVault = (text: string): boolean => text.trimStart().startsWith('$ANSIBLE_VAULT;');

const nothing = (at: Place, what: string): YamlFile => ({
  ...{ data: undefined, at: () => at },
  findings: [{ kind: 'refused', at, what }],
});

const mark = '\u{e003}';

function withHidden(data: unknown): unknown {
  if (data === mark) return hidden;
  if (Array.isArray(data)) return data.map(withHidden);
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(recordOf(data)).map(([key, value]) => [key, withHidden(value)]));
}
