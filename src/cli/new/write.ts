import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { clouds } from '../../clouds/registry.ts';
import { findProject } from '../../config/file.ts';
import type { Draft } from './draft.ts';
import { withEntry } from './entry.ts';
import { systemFiles } from './files.ts';
import { localOptions } from './text/system.ts';
import { vitestConfig } from './text/test.ts';

/**
 * Writes the files of a system into the project, and its entry into the file of this computer's environment, if there is one
 * @returns the paths that were written, relative to the project
 * @throws where the system is there already
 */
export async function writeSystem(draft: Draft): Promise<readonly string[]> {
  const project = projectHere();
  const folder = join('systems', draft.name);
  if (existsSync(join(project.folder, folder))) throw new Error(`${folder} is there already: nothing was written`);
  const files = { ...project.files, ...systemFiles(draft), ...entryFile(project.folder, draft) };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project.folder, path)), { recursive: true });
    writeFileSync(join(project.folder, path), text);
  }
  return Object.keys(files);
}

interface Project {
  folder: string;
  /** Files that make the folder a project */
  files: Readonly<Record<string, string>>;
}

/** Returns the project around the current folder; a folder in which berth is installed becomes one */
function projectHere(): Project {
  const here = process.cwd();
  const isNew = !existsSync(join(here, 'Pulumi.yaml')) && existsSync(join(here, 'node_modules', 'berth'));
  const folder = isNew ? here : findProject(here);
  const isOfBerth = existsSync(join(folder, 'src', 'start', 'program.js'));
  const tests = ['vitest.config.ts', 'vitest.config.js', 'vite.config.ts'].some((name) =>
    existsSync(join(folder, name)),
  );
  return {
    folder,
    files: {
      ...(isNew && { 'Pulumi.yaml': projectFile(folder.split('/').at(-1) ?? 'product') }),
      ...(!isOfBerth && !tests && { 'vitest.config.ts': vitestConfig() }),
    },
  };
}

const projectFile = (name: string): string =>
  stringify({
    name: name.toLowerCase().replace(/[^a-z0-9-]+/g, '-'),
    main: 'node_modules/berth/src/start/program.js',
    runtime: { name: 'nodejs', options: { typescript: false } },
    plugins: { providers: [{ name: 'berthlocal', path: './node_modules/berth/src/clouds/local/provider' }] },
  });

/** Without such a file, `berth local` writes one with every system of the project */
function entryFile(folder: string, draft: Draft): Readonly<Record<string, string>> {
  const here = Object.values(clouds).find(({ capabilities }) => capabilities.onThisComputer);
  const name = `Pulumi.${here?.name}.yaml`;
  if (here === undefined || !existsSync(join(folder, name))) return {};
  const entry = { cloud: here.name, ...localOptions(draft) };
  const text = withEntry(readFileSync(join(folder, name), 'utf8'), draft.name, entry);
  if (text === undefined)
    throw new Error(`${name} has no block berth:systems to add ${draft.name} to: nothing was written`);
  return { [name]: text };
}
