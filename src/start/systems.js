// Systems are discovered: each is a folder of `systems/` with a `system.ts`, whose default export is the system
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const berth = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Name under which the list of systems is imported */
export const systemsModule = 'berth:systems';

/**
 * Returns the folder of the nearest project that has its own systems, otherwise berth's folder with its own systems
 * @param {string} folder start of the search, which goes upward
 * @returns {string}
 */
export function projectOfSystems(folder) {
  for (let candidate = folder; ; candidate = dirname(candidate)) {
    if (existsSync(join(candidate, 'Pulumi.yaml'))) return existsSync(join(candidate, 'systems')) ? candidate : berth;
    if (candidate === dirname(candidate)) return berth;
  }
}

/**
 * Returns the source of a module that exports a project's `systems`, by the names of their folders
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
