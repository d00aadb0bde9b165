import { systems } from 'berth:systems';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { clouds } from '../../clouds/registry.ts';
import { findProject, readEnvironmentFile } from '../../config/file.ts';
import { absentSecrets, type Loaded } from '../../config/load.ts';
import { parsedYaml } from '../../config/yaml.ts';
import { stackName } from '../../pulumi/stackName.ts';
import { readOffline } from '../environment.ts';

/** A stack from its committed file */
export interface CommittedStack extends Loaded {
  /** Missing secrets: descriptions by name */
  missing: ReadonlyMap<string, string>;
  /** Secrets provider, in the form of `--secrets-provider`; undefined where the file has no secret yet */
  fileProvider: string | undefined;
}

/**
 * Reads a stack from its committed file
 * @throws ConfigError where there is no project or no such file, or with everything else that is wrong with it
 */
export function readStack(stack: string): CommittedStack {
  const name = stackName(stack);
  const path = join(findProject(process.cwd()), `Pulumi.${name}.yaml`);
  const offline = readOffline(stack);
  const missing = absentSecrets(readEnvironmentFile(path, name), systems, clouds);
  return { ...offline, missing, fileProvider: providerOf(stack) };
}

/** Returns the secrets provider of a stack's file; undefined where it has no secret yet */
export function providerOf(stack: string): string | undefined {
  const path = join(findProject(process.cwd()), `Pulumi.${stackName(stack)}.yaml`);
  return providerIn(parsedYaml(readFileSync(path, 'utf8'), path));
}

/** Returns the secrets provider that a stack's file names */
export function providerIn(file: unknown): string | undefined {
  const { secretsprovider, encryptionsalt } = sealing.parse(file);
  return secretsprovider ?? (encryptionsalt === undefined ? undefined : 'passphrase');
}

const sealing = z.looseObject({ secretsprovider: z.string().optional(), encryptionsalt: z.string().optional() });

/** Returns the stack names in the output of `pulumi stack ls --json` */
export const stacksIn = (printed: string): readonly string[] =>
  z
    .array(z.object({ name: z.string() }))
    .parse(JSON.parse(printed))
    .map(({ name }) => stackName(name));
