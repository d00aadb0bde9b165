import { downloadedArtifact } from './artifact.ts';
import { compiledProgram } from './program.ts';
import type { Recipe } from './recipes.ts';

/**
 * Compiles and downloads what a recipe's context needs beside its own files, as far as the cache lacks it.
 * @returns the files' paths by the names that they have in the context
 */
export async function ingredients(recipe: Recipe, log: (line: string) => void): Promise<Map<string, string>> {
  const [program, artifact] = await Promise.all([compiledProgram(recipe, log), downloadedArtifact(recipe, log)]);
  const files = new Map<string, string>();
  if (recipe.program && program) files.set(recipe.program.name, program);
  if (artifact) files.set(artifact.slice(artifact.lastIndexOf('/') + 1), artifact);
  return files;
}
