import { systems } from 'berth:systems';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clouds } from '../../clouds/registry.ts';
import { environmentInput, findProject, readEnvironmentFile } from '../../config/file.ts';
import { allSecrets, type Loaded } from '../../config/load.ts';
import { secretNames } from '../../config/secrets.ts';
import { cloudsIn } from '../../config/walk.ts';
import { linesByPath } from '../../config/yaml.ts';
import { captured } from '../../process/captured.ts';
import { stackName } from '../../pulumi/stackName.ts';
import { readOffline } from '../environment.ts';
import { datesIn, type Known } from './listed.ts';

export interface StackSecrets extends Known, Loaded {
  /** Name of the stack's file */
  source: string;
}

/**
 * Reads a stack's secrets from its file, without their values
 * @throws ConfigError where there is no project or no such file, or with everything that is wrong with it
 */
export async function readSecrets(stack: string): Promise<StackSecrets> {
  const name = stackName(stack);
  const source = `Pulumi.${name}.yaml`;
  const project = findProject(process.cwd());
  const path = join(project, source);
  const loaded = readOffline(stack);
  const input = readEnvironmentFile(path, name);
  const needed = allSecrets(input, systems, clouds);
  const prepared = cloudsIn(clouds, input.config).some((cloud) => cloud?.prepared);
  const text = readFileSync(path, 'utf8');
  const dates = datesIn(await blame(project, source));
  return {
    ...loaded,
    ...{
      source,
      needed,
      prepared,
      present: secretNames(environmentInput(text, source, name).config),
      lines: linesByPath(text),
    },
    changed: (line) => dates.get(line),
  };
}

/** Returns who changed each line of a file; empty where git does not know the file */
async function blame(project: string, file: string): Promise<string> {
  const words = ['blame', '--porcelain', '--', file];
  const none = { code: 1, stdout: '' };
  const { code, stdout } = await captured('git', words, { cwd: project, env: process.env }).catch(() => none);
  return code === 0 ? stdout : '';
}
