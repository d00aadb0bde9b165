import { systems } from 'berth:systems';
import { existsSync, writeFileSync } from 'node:fs';
import { stringify } from 'yaml';

/**
 * Creates the environment file for local machines where a project has none, with every system and its options for local
 * machines
 * @param file path of the file
 * @returns a message for people; undefined where the file exists
 * @throws for a project without a system
 */
export function makeFirstFile(file: string): string | undefined {
  if (existsSync(file)) return undefined;
  const entries = Object.entries(systems).map(([name, { local = {} }]) => [name, { cloud: 'local', ...local }]);
  if (entries.length === 0) throw new Error('this project has no system yet: write systems/<name>/system.ts');
  const config = {
    'berth:operators': { networks: ['127.0.0.0/8'], sshPublicKeys: [] },
    'berth:systems': Object.fromEntries(entries),
  };
  writeFileSync(file, `# This computer: \`npx berth local\` deploys it.\n${stringify({ config }, { lineWidth: 0 })}`);
  return `created ${file}: the systems that run on this computer, and their options`;
}
