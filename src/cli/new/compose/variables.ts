/** Variables that are there when a Compose file is read, by name: those of `.env` beside it */
export type Variables = Readonly<Record<string, string>>;

const open = '\u{e000}';
const close = '\u{e001}';
const mark = new RegExp(`${open}([A-Za-z_][A-Za-z0-9_]*)${close}`, 'gu');

/** Stands in a text for a variable that has no value */
export const unknownVariable = (name: string): string => `${open}${name}${close}`;

/** Returns the variables without a value that a text names */
export const unknownIn = (text: string): readonly string[] => [...text.matchAll(mark)].map(([, name = '']) => name);

/** Returns a text with the variables that have a value here in their places */
export const bound = (text: string, values: Variables): string =>
  text.replace(mark, (all, name: string) => values[name] ?? all);

/** Returns a text for people, with `${NAME}` for a variable without a value */
export const readable = (text: string): string => text.replace(mark, (_, name: string) => `\${${name}}`);

const name = /^[A-Za-z_][A-Za-z0-9_]*/;

/**
 * Returns a text as Compose reads it: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`, `${NAME:?message}`,
 * `${NAME:+other}`, and `$$` for a dollar; defaults may have variables in them. A variable without a value stays as
 * `unknownVariable`.
 */
export function interpolated(text: string, variables: Variables): string {
  let result = '';
  for (let at = 0; at < text.length; ) {
    if (text[at] !== '$') {
      result += text[at++];
    } else if (text[at + 1] === '$') {
      result += '$';
      at += 2;
    } else if (text[at + 1] === '{') {
      const end = closing(text, at + 2);
      result += expression(text.slice(at + 2, end), variables);
      at = end + 1;
    } else {
      const [plain] = name.exec(text.slice(at + 1)) ?? [''];
      result += plain === '' ? '$' : (variables[plain] ?? unknownVariable(plain));
      at += plain.length + 1;
    }
  }
  return result;
}

/** Position of the brace that ends an expression, over those that are in it */
function closing(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    if (text.startsWith('${', at)) depth += 1;
    if (text[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  throw new Error(`\${${text.slice(from)} has no closing brace`);
}

function expression(inside: string, variables: Variables): string {
  const [variable] = name.exec(inside) ?? [''];
  const [operator = '', rest = ''] = split(inside.slice(variable.length));
  if (variable === '') throw new Error(`\${${inside}} names no variable`);
  const value = variables[variable];
  const present = operator.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
  if (operator.endsWith('+')) return present ? interpolated(rest, variables) : '';
  if (present && value !== undefined) return value;
  return operator.endsWith('-') ? interpolated(rest, variables) : unknownVariable(variable);
}

function split(text: string): readonly [string, string] {
  const [operator] = /^:?[-?+]/.exec(text) ?? [''];
  return [operator, text.slice(operator.length)];
}

/** Returns the variables of a file such as `.env`: `NAME=value`, `export NAME="value"`, comments */
export function variablesFile(text: string): Variables {
  const lines = text.split(/\r?\n/).flatMap((line): [string, string][] => {
    const [, key, value = ''] = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    return key === undefined ? [] : [[key, unquoted(value)]];
  });
  return Object.fromEntries(lines);
}

function unquoted(value: string): string {
  const [, , inside] = /^(["'])(.*)\1/.exec(value) ?? [];
  return inside ?? value.replace(/\s+#.*$/, '');
}
