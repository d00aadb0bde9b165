import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../templates/', import.meta.url));

/**
 * Returns a file of templates/, or any file by its absolute path. A line `{{> file}}` is replaced by that file of
 * templates/, indented alike.
 */
export const fileText = (path: string): string =>
  readFileSync(resolve(folder, path), 'utf8').replace(
    /^( *)\{\{> (\S+)\}\}$/gm,
    (_, indent: string, included: string) =>
      fileText(included)
        .trimEnd()
        .replace(/^(?=.)/gm, indent),
  );

/**
 * Returns a file of templates/ with its `{{name}}` placeholders filled in
 * @throws when a placeholder has no value or a value has no placeholder
 */
export const templateText = (path: string, values: Readonly<Record<string, string>>): string =>
  fill(fileText(path), values, path);

/** Fills in the placeholders of a text; `source` names it in errors */
export function fill(template: string, values: Readonly<Record<string, string>>, source: string): string {
  const unused = new Set(Object.keys(values));
  const filled = template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new Error(`${source} names {{${name}}}, which is not given`);
    unused.delete(name);
    return value;
  });
  if (unused.size > 0) throw new Error(`${source} does not use ${[...unused].join(', ')}`);
  return filled;
}
