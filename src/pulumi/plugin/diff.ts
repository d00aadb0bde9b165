import { equal, isObject, isSecret, type Properties } from './values.ts';

export type ChangeKind = 'add' | 'delete' | 'update';

/**
 * Returns the differences between two sets of inputs by Pulumi property path (`a`, `a.b`, `a[0]`, `a["b.c"]`). A secret
 * differs as a whole, so that no path reveals its content.
 */
export function changes(olds: Properties, news: Properties, ignored: readonly string[] = []): Map<string, ChangeKind> {
  const found = new Map<string, ChangeKind>();
  for (const key of keysOf(olds, news)) {
    if (key.startsWith('__') || ignored.includes(key)) continue;
    compare(step('', key), olds[key], news[key], found);
  }
  return found;
}

/** Returns the top-level property of a path */
export function topLevel(path: string): string {
  const quoted = /^\["((?:[^"\\]|\\.)*)"\]/.exec(path);
  return quoted?.[1]?.replace(/\\(.)/g, '$1') ?? path.replace(/[.[].*$/s, '');
}

function compare(path: string, old: unknown, fresh: unknown, found: Map<string, ChangeKind>): void {
  if (old === undefined && fresh === undefined) return;
  if (old === undefined) found.set(path, 'add');
  else if (fresh === undefined) found.set(path, 'delete');
  else if (isPlainObject(old) && isPlainObject(fresh)) {
    for (const key of keysOf(old, fresh)) compare(step(path, key), old[key], fresh[key], found);
  } else if (Array.isArray(old) && Array.isArray(fresh)) {
    const length = Math.max(old.length, fresh.length);
    for (let index = 0; index < length; index++) compare(`${path}[${index}]`, old[index], fresh[index], found);
  } else if (!equal(old, fresh)) found.set(path, 'update');
}

function isPlainObject(value: unknown): value is Properties {
  return isObject(value) && !isSecret(value);
}

function keysOf(left: Properties, right: Properties): Set<string> {
  return new Set([...Object.keys(left), ...Object.keys(right)]);
}

function step(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}
