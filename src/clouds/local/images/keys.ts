import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Recipe } from './recipes.ts';

/** The Debian release that every image stands on. */
export const debianRelease = 'trixie';

/** The key of the plain Debian image. */
export const baseKey = shortHash(['base', debianRelease, 'patient']);

/** The image that a recipe makes, named by everything that it is made from: `berth/<name>:<key>`. */
export function imageTag(recipe: Recipe): string {
  return `berth/${recipe.name}:${recipeKey(recipe)}`;
}

/** A hash of a recipe's folder, parent, program and arguments: another key, another image. */
export function recipeKey(recipe: Recipe): string {
  const { context, parent, program, artifact, buildArguments } = recipe;
  const parentKey = parent ? recipeKey(parent) : baseKey;
  const inputs = [program, artifact, buildArguments].map((input) => input ?? null);
  return shortHash([parentKey, ...inputs, folderContent(context)]);
}

/** A hash of a Go program's pins and flags. */
export function programKey({ context, program }: Recipe): string {
  const pins = ['go.mod', 'go.sum'].map((file) => readFileSync(join(context, file), 'utf8'));
  return shortHash([program ?? null, pins]);
}

/** Every file below a folder, in one order everywhere: path, whether it can be executed, and a hash of its bytes. */
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
