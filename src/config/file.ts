import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ConfigError } from './error.ts';
import type { EnvironmentInput } from './load.ts';
import { nearest } from './nearest.ts';
import { meant } from './words.ts';
import { linesByPath, parsedYaml } from './yaml.ts';

/**
 * Reads an environment file for `loadEnvironment`; secrets stay encrypted
 * @param path the stack's file, for example `Pulumi.preprod.yaml`
 * @throws {ConfigError} if there is no such file, or if it isn't valid YAML, with lines and columns
 */
export function readEnvironmentFile(path: string, stack: string): EnvironmentInput {
  const source = basename(path);
  if (!existsSync(path)) throw noSuchEnvironment(path, stack);
  return environmentInput(readFileSync(path, 'utf8'), source, stack);
}

/**
 * Parses the text of an environment file like `readEnvironmentFile`
 * @param source the file's name, for messages
 */
export function environmentInput(text: string, source: string, stack: string): EnvironmentInput {
  const content = parsedYaml(text, source);
  const config = typeof content === 'object' && content !== null && 'config' in content ? content.config : undefined;
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    const message = config === undefined ? 'is missing' : 'is not a block of keys';
    throw new ConfigError(source, [
      { path: 'config', message, fix: 'put berth:operators and berth:systems under config:' },
    ]);
  }
  const bare = Object.keys(config).filter((key) => !key.includes(':'));
  if (bare.length > 0) throw new ConfigError(source, bare.map(withoutNamespace));
  return { stack, config: { ...config }, source, lines: linesByPath(text) };
}

/**
 * Returns the nearest folder upward that has a Pulumi.yaml
 * @throws {ConfigError} if there is none
 */
export function findProject(folder: string): string {
  let candidate = folder;
  while (!existsSync(join(candidate, 'Pulumi.yaml'))) {
    const parent = dirname(candidate);
    if (parent === candidate) {
      const message = 'has no Pulumi.yaml, and neither has a folder above it';
      throw new ConfigError('Pulumi.yaml', [{ path: folder, message, fix: "change to the project's folder" }]);
    }
    candidate = parent;
  }
  return candidate;
}

/** Returns the names of the environments that have a file in a project's folder */
export const environmentsIn = (project: string): readonly string[] =>
  (existsSync(project) ? readdirSync(project) : [])
    .flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? [])
    .sort();

function noSuchEnvironment(path: string, stack: string): ConfigError {
  const known = environmentsIn(dirname(path));
  return new ConfigError(basename(path), [
    {
      path,
      message: `is not there: \`${stack}\` has no environment file`,
      ...(known.length > 0 && { allowed: known.join(', ') }),
      ...meant(nearest(stack, known)),
    },
  ]);
}

const withoutNamespace = (key: string) => ({
  path: key,
  message: 'has no namespace: Pulumi reads keys such as berth:systems',
  fix: `write berth:${key}`,
});
