import type { DraftPart, DraftValue } from '../draft.ts';
import { around, block, type Code, object, quoted } from './print.ts';

/** Names that the text of a system imports from berth */
export type Imports = Set<string>;

/** Returns a value as code; what it needs is added to the imports */
export function valueCode(value: DraftValue, imports: Imports): string {
  const [only] = value;
  if (value.length === 0) return "''";
  if (value.length === 1 && only !== undefined) return partCode(only, imports);
  const isPlain = value.every((part) => typeof part === 'string' || 'site' in part || 'domain' in part);
  if (!isPlain) imports.add('text');
  const inside = value.map((part) => (typeof part === 'string' ? template(part) : `\${${partCode(part, imports)}}`));
  return `${isPlain ? '' : 'text'}\`${inside.join('')}\``;
}

function partCode(part: DraftPart, imports: Imports): string {
  if (typeof part === 'string') return quoted(part);
  if ('site' in part) return 'site.url';
  if ('domain' in part) return 'domain';
  if ('secret' in part) {
    imports.add('secret');
    return `secret(${quoted(part.secret)})`;
  }
  return referenceCode(part.ref, imports);
}

/** Returns a fact of the cloud; of a machine by `machineFact` */
export function referenceCode(path: string, imports: Imports): string {
  imports.add('ref');
  const [, role, index, kind] = /^machines\.([^.]+)\.(\d+)\.(\w+)$/.exec(path) ?? [];
  if (role === undefined) return `ref(${quoted(path)})`;
  imports.add('machineFact');
  return `ref(machineFact(${quoted(role)}, ${index}, ${quoted(kind ?? '')}))`;
}

const template = (text: string): string =>
  text.replace(/\\/g, '\\\\').replace(/`/g, '\\`').replace(/\$\{/g, '\\${').replace(/\n/g, '\\n');

/** Returns variables as an object, after those that are spread into it */
export function environmentCode(
  env: Readonly<Record<string, DraftValue>>,
  imports: Imports,
  spread: readonly string[] = [],
): Code {
  const own = object(Object.fromEntries(Object.entries(env).map(([name, value]) => [name, valueCode(value, imports)])));
  const [first] = spread;
  if (first === undefined || typeof own === 'string') return own;
  if (own.items.length === 0 && spread.length === 1) return first;
  return block('{', [...spread.map((name) => `...${name}`), ...own.items], '}');
}

/** Returns a constant */
export const constant = (name: string, code: Code, type = ''): Code =>
  around(`const ${name}${type && `: ${type}`} = `, code, ';');
