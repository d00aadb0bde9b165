import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { checkout } from '../../src/paths.ts';

/** What the engine runs of this checkout */
export const presentProgram = join(checkout, 'src', 'start', 'program.js');

/** Makes a folder a project of its own whose program is another file's, with this checkout's provider of local machines */
export async function writeProject(folder: string, program = presentProgram): Promise<string> {
  const { plugins, ...project } = parse(await readFile(join(checkout, 'Pulumi.yaml'), 'utf8')) as Project;
  const providers = plugins.providers.map((one) => ({ ...one, path: join(checkout, one.path) }));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'Pulumi.yaml'), stringify({ ...project, main: 'program.js', plugins: { providers } }));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  await writeFile(join(folder, 'program.js'), `export { default } from ${JSON.stringify(program)};\n`);
  // Where the engine looks for its SDK
  await symlink(join(checkout, 'node_modules'), join(folder, 'node_modules')).catch(unlessItExists);
  return folder;
}

interface Project {
  plugins: { providers: { name: string; path: string }[] };
}

/** What is there already need not be made */
export function unlessItExists(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
