import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Recipe } from './recipes.ts';

/** Debian release that every image is based on */
export const debianRelease = 'trixie';

/** Key of the plain Debian image */
export const baseKey = shortHash(['base', debianRelease, 'patient', 'slim', 'no index', 'man']);

/** Returns the tag of a recipe's image, `berth/<name>:<key>`; the key covers everything that the image is built from */
export function imageTag(recipe: Recipe): string {
  return `berth/${recipe.name}:${recipeKey(recipe)}`;
}

/** Returns a hash of a recipe's folders, parent, program, artifact and build arguments */
export function recipeKey(recipe: Recipe): string {
  const { context, parent, program, artifact, buildArguments, source } = recipe;
  const parentKey = parent ? recipeKey(parent) : baseKey;
  const inputs = [program, artifact, buildArguments].map((input) => input ?? null);
  const further = source === undefined ? [] : [folderContent(source)];
  return shortHash([parentKey, ...inputs, folderContent(context), ...further]);
}

/** Returns a hash of a Go program's module versions, own source and build flags */
export function programKey({ context, program }: Pick<Recipe, 'context' | 'program'>): string {
  const pins = programFiles(context).map((file) => readFileSync(join(context, file), 'utf8'));
  return shortHash([program ?? null, pins]);
}

/** Returns the files of a folder that a Go program is compiled from: its pins, then a main of its own where it has one */
export const programFiles = (context: string): string[] => [
  'go.mod',
  'go.sum',
  ...readdirSync(context)
    .filter((file) => file.endsWith('.go'))
    .sort(),
];

/** Returns a hash of the npm packages that a recipe's lock file pins; `undefined` without such a file */
export function packagesKey({ context }: Recipe): string | undefined {
  const files = ['package.json', 'package-lock.json'].map((file) => join(context, file));
  return files.every((file) => existsSync(file))
    ? shortHash(files.map((file) => readFileSync(file, 'utf8')))
    : undefined;
}

/** Returns every file below a folder in a stable order: path, whether it is executable, and a hash of its content */
function folderContent(folder: string): [path: string, executable: boolean, digest: string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => [path.slice(folder.length + 1), (statSync(path).mode & 0o100) !== 0, digest(readFileSync(path))]);
}

function shortHash(value: unknown): string {
  return digest(JSON.stringify(value)).slice(0, 12);
}

function digest(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
