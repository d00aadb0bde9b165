import { isDeepStrictEqual } from 'node:util';
import { type Document, isCollection, isMap, isScalar, parseDocument, stringify } from 'yaml';
import type { Pins } from '../../model/pins.ts';

/**
 * Returns a stack's file with other pins of some systems, where undefined removes an option; all other text stays,
 * comments included
 * @param images digests to set. @default none
 */
export function withPins(
  text: string,
  systems: Readonly<Record<string, Pins>>,
  images: Readonly<Record<string, string>> = {},
): string {
  return edited(text, (file) => {
    for (const [reference, digest] of Object.entries(images)) set(file, ['berth:images', reference], digest);
    for (const [system, pins] of Object.entries(systems))
      for (const [option, value] of Object.entries(pins)) set(file, ['berth:systems', system, option], value);
  });
}

/** Only changed values are written, so that others keep their quotes and comments */
function set(file: Document, keys: readonly string[], value: unknown): void {
  const path = ['config', ...keys];
  if (value === undefined) file.deleteIn(path);
  else if (!isDeepStrictEqual(plain(file.getIn(path)), value)) file.setIn(path, value);
}

/** Returns a stack's file without some systems and their secrets */
export function withoutSystems(text: string, systems: readonly string[]): string {
  return edited(text, (file) => {
    const { config } = (file.toJS() ?? {}) as { config?: { 'berth:secrets'?: object } };
    const secrets = Object.keys(config?.['berth:secrets'] ?? {});
    for (const system of systems) {
      file.deleteIn(['config', 'berth:systems', system]);
      for (const name of secrets.filter((secret) => secret.startsWith(`${system}/`)))
        file.deleteIn(['config', 'berth:secrets', name]);
    }
  });
}

/** Returns a stack's file with a further system, whose entry comes after the others; all other text stays */
export function withSystem(text: string, name: string, entry: unknown): string {
  const path = ['config', 'berth:systems'];
  const file = parseDocument(text);
  const systems = file.getIn(path, true);
  const key = isMap(systems) && !systems.flow ? systems.items[0]?.key : undefined;
  if (!isMap(systems) || !systems.range || !isScalar(key) || !key.range) {
    return edited(text, (one) => one.setIn([...path, name], one.createNode(entry)));
  }
  const [, end] = systems.range;
  const indent = ' '.repeat(key.range[0] - text.lastIndexOf('\n', key.range[0]) - 1);
  const before = text.slice(0, end).replace(/(?<!\n)$/, '\n');
  return `${before}${entryLines(name, entry)
    .map((line) => `${indent}${line}\n`)
    .join('')}${text.slice(end)}`;
}

/** Returns an entry as lines of YAML, with numbers as keys where plain data has their texts */
const entryLines = (name: string, entry: unknown): readonly string[] =>
  stringify({ [name]: entry }, { lineWidth: 0 })
    .trimEnd()
    .replace(/^( *)"(\d+)":/gm, '$1$2:')
    .split('\n');

function edited(text: string, edit: (file: Document) => void): string {
  const file = parseDocument(text);
  edit(file);
  return file.toString({ lineWidth: 0 });
}

const plain = (value: unknown): unknown => (isCollection(value) ? value.toJSON() : value);
