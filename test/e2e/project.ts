import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { checkout } from '../../src/paths.ts';

/** Pulumi program of this checkout */
export const presentProgram = join(checkout, 'src', 'start', 'program.js');

/** Makes a folder a Pulumi project with a given program and this checkout's provider of local machines */
export async function writeProject(folder: string, program = presentProgram): Promise<string> {
  const { plugins, ...project } = parse(await readFile(join(checkout, 'Pulumi.yaml'), 'utf8')) as Project;
  const providers = plugins.providers.map((one) => ({ ...one, path: join(checkout, one.path) }));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'Pulumi.yaml'), stringify({ ...project, main: 'program.js', plugins: { providers } }));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  await writeFile(join(folder, 'program.js'), `export { default } from ${JSON.stringify(program)};\n`);
  // The engine looks for its SDK there
  await symlink(join(checkout, 'node_modules'), join(folder, 'node_modules')).catch(unlessItExists);
  return folder;
}

interface Project {
  plugins: { providers: { name: string; path: string }[] };
}

/** Ignores the error that a file exists */
export function unlessItExists(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
