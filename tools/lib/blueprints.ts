import { capabilities } from '../../src/clouds/capabilities.ts';
import { readEnvironmentFile } from '../../src/config/file.ts';
import { loadEnvironment } from '../../src/config/load.ts';
import type { Blueprint } from '../../src/model/blueprint.ts';
import type { CloudName } from '../../src/model/environment.ts';
import { blueprintsOf } from '../../src/model/inPlace.ts';
import { systems } from '../../src/systems/registry.ts';

/**
 * The systems of an environment file.
 * @param cloud those on this one alone. @default all
 * @throws ConfigError with everything that is wrong with the file
 */
export function blueprintsIn(file: string, stack: string, cloud?: CloudName): readonly Blueprint[] {
  const environment = loadEnvironment(readEnvironmentFile(file, stack), systems, capabilities, { secrets: 'names' });
  return blueprintsOf(environment, systems, capabilities).filter(
    ({ system }) => cloud === undefined || environment.systems[system]?.cloud === cloud,
  );
}
