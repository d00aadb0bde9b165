import { downloadedArtifact } from './artifact.ts';
import { installedPackages } from './packages.ts';
import { compiledProgram } from './program.ts';
import type { Recipe } from './recipes.ts';

/**
 * Compiles and downloads the files that a recipe's build context needs besides its own, unless the cache has them
 * @returns paths of the files and folders, by their names in the context
 */
export async function ingredients(recipe: Recipe, log: (line: string) => void): Promise<Map<string, string>> {
  const [program, artifact, packages] = await Promise.all([
    compiledProgram(recipe, log),
    downloadedArtifact(recipe, log),
    installedPackages(recipe, log),
  ]);
  const files = new Map<string, string>();
  if (recipe.program && program) files.set(recipe.program.name, program);
  if (artifact) files.set(artifact.slice(artifact.lastIndexOf('/') + 1), artifact);
  if (recipe.source) files.set('source', recipe.source);
  if (packages) files.set('node_modules', packages);
  return files;
}
