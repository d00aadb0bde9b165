import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../templates/', import.meta.url));

/** A file of templates/, or of anywhere by its absolute path, as it is but for lines `{{> file}}`: in their place stands another file of templates/, as far in */
export const fileText = (path: string): string =>
  readFileSync(resolve(folder, path), 'utf8').replace(
    /^( *)\{\{> (\S+)\}\}$/gm,
    (_, indent: string, included: string) =>
      fileText(included)
        .trimEnd()
        .replace(/^(?=.)/gm, indent),
  );

/**
 * A file of templates/ with its `{{name}}`s filled in.
 * @throws when the template names a value that is not given, or a value is given that it does not name
 */
export const templateText = (path: string, values: Readonly<Record<string, string>>): string =>
  fill(fileText(path), values, path);

/** The same for a text at hand; `source` names it in errors */
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
