import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../../../paths.ts';
import { runLogged } from '../../../process/stage.ts';
import { packagesKey } from './keys.ts';
import type { Recipe } from './recipes.ts';

/**
 * Returns the folder of the npm packages that a recipe's lock file pins, installed unless the cache has it; `undefined`
 * for a recipe without a lock file. npm runs on this computer, with its user's registry and proxy, and runs no scripts of
 * packages.
 */
export async function installedPackages(recipe: Recipe, log: (line: string) => void): Promise<string | undefined> {
  const key = packagesKey(recipe);
  if (key === undefined) return undefined;
  const folder = join(cacheFolder(), 'packages');
  const target = join(folder, key);
  if (existsSync(target)) return target;
  await mkdir(folder, { recursive: true });
  const aside = await mkdtemp(join(folder, 'incomplete-'));
  try {
    for (const file of ['package.json', 'package-lock.json'])
      await copyFile(join(recipe.context, file), join(aside, file));
    log(`installing the npm packages of ${recipe.name}`);
    const options = [
      'ci',
      '--omit=dev',
      '--ignore-scripts',
      '--no-bin-links',
      '--no-audit',
      '--no-fund',
      '--prefix',
      aside,
    ];
    await runLogged('npm', options, { log, cwd: aside, timeoutSeconds: 600 });
    // Another process may have come first
    await rename(join(aside, 'node_modules'), target).catch((error: Error) => {
      if (!existsSync(target)) throw error;
    });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return target;
}
