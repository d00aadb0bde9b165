// A project's systems are found, not listed: each is a folder of `systems/` with a `system.ts`, whose default export it is.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const berth = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** What the module that lists them is imported as */
export const systemsModule = 'berth:systems';

/**
 * The folder of the nearest project that has systems of its own; berth's, whose systems are the first that it ran, where
 * there is none.
 * @param {string} folder where the search begins, upward
 * @returns {string}
 */
export function projectOfSystems(folder) {
  for (let candidate = folder; ; candidate = dirname(candidate)) {
    if (existsSync(join(candidate, 'Pulumi.yaml'))) return existsSync(join(candidate, 'systems')) ? candidate : berth;
    if (candidate === dirname(candidate)) return berth;
  }
}

/**
 * The text of a module that exports `systems`: those of a project, by the name of their folder.
 * @param {string} project
 * @returns {string}
 */
export function systemsText(project) {
  const folder = join(project, 'systems');
  const names = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => existsSync(join(folder, name, 'system.ts')))
    .sort();
  const imports = names.map(
    (name, at) => `import system${at} from ${JSON.stringify(join(folder, name, 'system.ts'))};`,
  );
  const members = names.map((name, at) => `${JSON.stringify(name)}: system${at}`);
  return `${imports.join('\n')}\nexport const systems = { ${members.join(', ')} };\n`;
}
