import { systems } from 'berth:systems';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { clouds } from '../../clouds/registry.ts';
import { findProject, readEnvironmentFile } from '../../config/file.ts';
import { absentSecrets } from '../../config/load.ts';
import { parsedYaml } from '../../config/yaml.ts';
import { stackName } from '../../pulumi/stackName.ts';
import { type OfflineEnvironment, readOffline } from '../environment.ts';

/** A stack as its committed file has it */
export interface CommittedStack extends OfflineEnvironment {
  /** Secrets that it needs and hasn't, by name, each with what it is */
  missing: ReadonlyMap<string, string>;
  /** What its secrets are encrypted by, in the words of `--secrets-provider`; nothing before the first */
  fileProvider: string | undefined;
}

/** @throws ConfigError where there is no project or no such file, or with everything else that is wrong with it */
export function readStack(stack: string): CommittedStack {
  const name = stackName(stack);
  const path = join(findProject(process.cwd()), `Pulumi.${name}.yaml`);
  const offline = readOffline(stack);
  const missing = absentSecrets(readEnvironmentFile(path, name), systems, clouds);
  return { ...offline, missing, fileProvider: providerIn(parsedYaml(readFileSync(path, 'utf8'), path)) };
}

/** What a stack's file says of the encryption of its secrets */
export function providerIn(file: unknown): string | undefined {
  const { secretsprovider, encryptionsalt } = sealing.parse(file);
  return secretsprovider ?? (encryptionsalt === undefined ? undefined : 'passphrase');
}

const sealing = z.looseObject({ secretsprovider: z.string().optional(), encryptionsalt: z.string().optional() });

/** The names in what `pulumi stack ls --json` prints */
export const stacksIn = (printed: string): readonly string[] =>
  z
    .array(z.object({ name: z.string() }))
    .parse(JSON.parse(printed))
    .map(({ name }) => stackName(name));
