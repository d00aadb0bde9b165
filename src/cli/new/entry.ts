import { isMap, parseDocument, stringify } from 'yaml';

/**
 * Returns an environment's file with the entry of a system more, and no other change of its text
 * @returns undefined where the file has no block of systems to add it to, or has that system already
 */
export function withEntry(text: string, name: string, entry: Readonly<Record<string, unknown>>): string | undefined {
  const systems = parseDocument(text).getIn(['config', 'berth:systems'], true);
  if (!isMap(systems) || systems.flow || systems.has(name)) return undefined;
  const [first] = systems.items;
  const start =
    first?.key && typeof first.key === 'object' && 'range' in first.key ? (first.key.range as number[])[0] : undefined;
  const end = systems.range?.[2];
  if (start === undefined || end === undefined) return undefined;
  const indent = ' '.repeat(start - (text.lastIndexOf('\n', start) + 1));
  const lines = stringify({ [name]: entry }, { lineWidth: 0, flowCollectionPadding: true })
    .trimEnd()
    .split('\n');
  const before = text.slice(0, end).replace(/\n*$/, '\n');
  return `${before}${lines.map((line) => `${indent}${line}\n`).join('')}${text.slice(end)}`;
}
