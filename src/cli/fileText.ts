import { isMap, isScalar, parseDocument, stringify, type YAMLMap } from 'yaml';

export interface Written {
  /** Text of the whole file */
  text: string;
  /** Former value; undefined where there was none */
  former: string | undefined;
}

/**
 * Returns a YAML file with another scalar at a path and no other change of its text. A path that the file does not have
 * yet is added to the innermost map of it that exists.
 * @returns undefined where not even the second key of the path is there, as a map
 */
export function withScalar(text: string, path: readonly string[], value: string | number): Written | undefined {
  const document = parseDocument(text);
  const present = document.getIn(path, true);
  if (isScalar(present) && present.range && present.value !== null) {
    const [start, end] = present.range;
    return { text: replaced(text, start, end, scalar(value)), former: String(present.value) };
  }
  for (let depth = path.length - 1; depth > 1; depth -= 1) {
    const map = document.getIn(path.slice(0, depth), true);
    if (!isMap(map)) continue;
    const added = inserted(text, map, entry(path.slice(depth), value));
    return added === undefined ? undefined : { text: added, former: undefined };
  }
  return undefined;
}

/** Returns `key: value` on one line, with inner keys in braces */
const entry = ([key = '', ...inner]: readonly string[], value: string | number): string =>
  `${key}: ${inner.length === 0 ? scalar(value) : `{ ${entry(inner, value)} }`}`;

/** Adds an entry after the first one that is a scalar, in a block below its line */
function inserted(text: string, map: YAMLMap, added: string): string | undefined {
  const scalars = map.items.flatMap(({ key, value }) =>
    isScalar(key) && key.range && isScalar(value) && value.range
      ? [{ name: key.value, start: key.range[0], end: value.range[1] }]
      : [],
  );
  const after = scalars.find(({ name }) => name === 'version') ?? scalars[0];
  if (map.flow) {
    const [start = 0, end = start] = map.range ?? [];
    if (map.items.length === 0) return replaced(text, start, end, `{ ${added} }`);
    return after && replaced(text, after.end, after.end, `, ${added}`);
  }
  if (!after) return undefined;
  const indent = ' '.repeat(after.start - (text.lastIndexOf('\n', after.start) + 1));
  const newline = text.indexOf('\n', after.end);
  const end = newline === -1 ? text.length : newline;
  return replaced(text, end, end, `\n${indent}${added}`);
}

const replaced = (text: string, start: number, end: number, by: string): string =>
  `${text.slice(0, start)}${by}${text.slice(end)}`;

/** Returns a value as one-line YAML, quoted where it would otherwise be read as a number or as several values */
const scalar = (value: string | number): string =>
  typeof value === 'number' || /^[\w.+-]+$/.test(value) ? stringify(value).trimEnd() : JSON.stringify(value);
