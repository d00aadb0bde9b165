import { systems } from 'berth:systems';
import { join } from 'node:path';
import { clouds } from '../clouds/registry.ts';
import { findProject, readEnvironmentFile } from '../config/file.ts';
import { type EnvironmentInput, type Loaded, loadEnvironment, placeholdersIn } from '../config/load.ts';
import type { Problem } from '../model/problem.ts';
import { stackName } from '../pulumi/stackName.ts';

/**
 * Loads a stack's committed file, searched from the current folder upward.
 * @param placeholders refused by what deploys; told in one line by what only reads
 * @throws ConfigError where there is no project or no such file, or with everything that is wrong with it
 */
export const readOffline = (stack: string, placeholders?: 'accepted' | 'refused'): Loaded =>
  loadOffline(stackInput(stack), placeholders);

/**
 * Reads a stack's committed file for `loadOffline`
 * @throws ConfigError where there is no project or no such file, or it is no YAML
 */
export function stackInput(stack: string): EnvironmentInput {
  const name = stackName(stack);
  return readEnvironmentFile(join(findProject(process.cwd()), `Pulumi.${name}.yaml`), name);
}

/** The same as `readOffline`, of a file that was read already */
export function loadOffline(input: EnvironmentInput, placeholders: 'accepted' | 'refused' = 'accepted'): Loaded {
  const loaded = loadEnvironment(input, systems, clouds, { secrets: 'names', placeholders });
  const left = placeholders === 'accepted' ? placeholdersIn(input, systems, clouds) : [];
  if (left.length > 0) console.error(placeholdersLeft(input.source, left));
  return loaded;
}

/** One line, for whoever reads a file that was not made ready yet */
function placeholdersLeft(source: string, left: readonly Problem[]): string {
  const count = left.length === 1 ? 'a placeholder' : `${left.length} placeholders`;
  const lines = [...new Set(left.map(({ line }) => line))].join(', ');
  return `${source} has ${count} to replace before it is deployed (lines ${lines})`;
}
