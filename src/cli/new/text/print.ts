/** Code as a tree: a text, or items between brackets that stand on one line if they fit */
export type Code = string | { open: string; items: readonly Code[]; close: string; spaced: boolean; broken?: boolean };

const width = 120;

/** Returns items of an object or list of arguments between brackets */
export const block = (open: string, items: readonly Code[], close: string): Code => ({
  ...{ open, items, close },
  spaced: open.endsWith('{') && items.length > 0,
});

/** Returns code before and behind other code, which breaks as that does */
export const around = (before: string, code: Code, behind = ''): Code =>
  typeof code === 'string'
    ? `${before}${code}${behind}`
    : { ...code, open: `${before}${code.open}`, close: `${code.close}${behind}` };

/** Returns a list; several objects of several members stand one below another */
export function list(items: readonly Code[]): Code {
  const isTable =
    items.length > 1 && items.every((item) => typeof item !== 'string' && item.spaced && item.items.length > 1);
  return { open: '[', items, close: ']', spaced: false, broken: isTable };
}

/** Returns an object; a member whose value is its own name stands alone */
export const object = (members: Readonly<Record<string, Code | undefined>>): Code =>
  block(
    '{',
    Object.entries(members).flatMap(([name, value]) =>
      value === undefined ? [] : [value === name ? name : around(`${key(name)}: `, value)],
    ),
    '}',
  );

/** Returns a text in quotes, those that need fewer escapes */
export function quoted(text: string): string {
  const escaped = text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(/\t/g, '\\t');
  const single = text.split("'").length;
  return single > 1 && single > text.split('"').length
    ? `"${escaped.replace(/"/g, '\\"')}"`
    : `'${escaped.replace(/'/g, "\\'")}'`;
}

const key = (name: string): string => (/^(?:[A-Za-z_$][\w$]*|[1-9]\d*)$/.test(name) ? name : quoted(name));

/**
 * Returns code as text
 * @param indent columns before its first line, which is not indented itself
 * @param behind characters that follow on its last line
 */
export function printed(code: Code, indent = 0, behind = 1, before = 0): string {
  if (typeof code === 'string') return code;
  const one = flat(code);
  if (!mustBreak(code) && indent + before + one.length + behind <= width) return one;
  const inner = ' '.repeat(indent + 2);
  const items = code.items.map((item) => `${inner}${printed(item, indent + 2)},\n`);
  return `${code.open}\n${items.join('')}${' '.repeat(indent)}${code.close}`;
}

function mustBreak(code: Code): boolean {
  return typeof code !== 'string' && (code.broken === true || code.items.some(mustBreak));
}

function flat(code: Code): string {
  if (typeof code === 'string') return code;
  const inside = code.items.map(flat).join(', ');
  return code.spaced ? `${code.open} ${inside} ${code.close}` : `${code.open}${inside}${code.close}`;
}
