import { systems } from 'berth:systems';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Systems } from '../../config/schema.ts';
import { choosePorts, publishedPorts, withPorts } from '../../model/ports.ts';
import { withSystem } from '../deploy/stackText.ts';

/**
 * Creates the environment file for local machines where a project has none, with every system and its options for local
 * machines
 * @param file path of the file
 * @returns a message for people; undefined where the file exists
 * @throws for a project without a system
 */
export function makeLocalFile(file: string): string | undefined {
  if (existsSync(file)) return undefined;
  const names = knownSystems();
  if (names.length === 0) throw new Error('this project has no system yet: write systems/<name>/system.ts');
  const config = { 'berth:operators': { networks: ['127.0.0.0/8'], sshPublicKeys: [] } };
  const head = `# This computer: \`npx berth local\` deploys it.\n${stringify({ config }, { lineWidth: 0 })}`;
  writeFileSync(file, withLocalEntries(head, names, systems));
  return `created ${file}: the systems that run on this computer, and their options`;
}

/** Returns the names of the project's systems */
export const knownSystems = (): readonly string[] => Object.keys(systems);

/** Returns the names of the project's systems that have options for local machines */
export const allSystems = (): readonly string[] => knownSystems().filter((name) => systems[name]?.local);

/**
 * Adds systems of the project to an environment file that lacks them, with their options for local machines
 * @param declared systems of the file
 * @param wanted names of systems, known or not
 * @returns a message for people; undefined where nothing was added
 */
export function addSystems(file: string, declared: readonly string[], wanted: readonly string[]): string | undefined {
  const added = [...new Set(wanted)].filter((name) => Object.hasOwn(systems, name) && !declared.includes(name));
  if (added.length === 0) return undefined;
  writeFileSync(file, withLocalEntries(readFileSync(file, 'utf8'), added, systems));
  return `added ${added.join(', ')} to ${basename(file)}, with options for this computer`;
}

/** Returns an environment file's text with the local entries of further systems, whose ports no other entry has */
export const withLocalEntries = (text: string, names: readonly string[], known: Systems): string =>
  names.reduce((before, name) => {
    const claimed = new Set(publishedPorts(parse(before)));
    const entry = { cloud: 'local', ...known[name]?.local };
    return withSystem(
      before,
      name,
      withPorts(
        entry,
        choosePorts(publishedPorts(entry), (port) => !claimed.has(port)),
      ),
    );
  }, text);
