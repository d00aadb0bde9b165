import { systems } from 'berth:systems';
import { clouds } from '../../clouds/registry.ts';
import { findProject } from '../../config/file.ts';
import { allSecrets, type Loaded } from '../../config/load.ts';
import { secretNames } from '../../config/secrets.ts';
import { cloudsIn } from '../../config/walk.ts';
import { captured } from '../../process/captured.ts';
import { loadOffline, stackInput } from '../environment.ts';
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
  const input = stackInput(stack);
  const loaded = loadOffline(input);
  const { source, config, lines = new Map() } = input;
  const needed = allSecrets(input, systems, loaded);
  const prepared = cloudsIn(clouds, config).some((cloud) => cloud?.prepared);
  const dates = datesIn(await blame(findProject(process.cwd()), source));
  return {
    ...loaded,
    ...{ source, needed, prepared, present: secretNames(config), lines },
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
