import { join } from 'node:path';
import { capabilities } from '../clouds/capabilities.ts';
import { findProject, readEnvironmentFile } from '../config/file.ts';
import { loadEnvironment } from '../config/load.ts';
import type { Blueprint } from '../model/blueprint.ts';
import type { Environment } from '../model/environment.ts';
import { blueprintsOf } from '../model/inPlace.ts';
import { systems } from '../systems/registry.ts';
import { stackName } from './stackName.ts';

/** An environment as its committed file says it, read without an engine, an account or a secret */
export interface OfflineEnvironment {
  environment: Environment;
  blueprints: readonly Blueprint[];
}

/**
 * What a stack's committed file declares, searched from the current folder upward.
 * @throws ConfigError where there is no project or no such file, or with everything that is wrong with it
 */
export function readOffline(stack: string): OfflineEnvironment {
  const name = stackName(stack);
  const file = join(findProject(process.cwd()), `Pulumi.${name}.yaml`);
  const environment = loadEnvironment(readEnvironmentFile(file, name), systems, capabilities, { secrets: 'names' });
  return { environment, blueprints: blueprintsOf(environment, systems, capabilities) };
}
