import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../../../paths.ts';
import { maven } from '../../../process/maven.ts';
import type { Recipe } from './recipes.ts';

/**
 * Returns the path of a recipe's Maven artifact, downloaded unless the cache has it; `undefined` for a recipe without
 * one
 */
export async function downloadedArtifact(recipe: Recipe, log: (line: string) => void): Promise<string | undefined> {
  const { artifact } = recipe;
  if (!artifact) return undefined;
  const [, name, version, type] = artifact.split(':');
  const fileName = `${name}-${version}.${type}`;
  const folder = join(cacheFolder(), 'downloads');
  const target = join(folder, fileName);
  if (existsSync(target)) return target;
  await mkdir(folder, { recursive: true });
  const aside = await mkdtemp(join(folder, 'incomplete-'));
  try {
    log(`downloading ${artifact}`);
    const why = `the ${recipe.name} image is built from a Maven artifact`;
    await maven(why, ['copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${aside}`], { log, cwd: aside });
    await rename(join(aside, fileName), target);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return target;
}
