import { capabilities } from '../../../src/clouds/capabilities.ts';
import { readEnvironmentFile } from '../../../src/config/file.ts';
import { loadEnvironment } from '../../../src/config/load.ts';
import { blueprintsOf } from '../../../src/model/inPlace.ts';
import { systems } from '../../../src/systems/registry.ts';

/**
 * The images that the systems of an environment file run, as production knows them.
 * @throws ConfigError with everything that is wrong with the file
 */
export function wantedImages(file: string, stack: string): ReadonlySet<string> {
  const environment = loadEnvironment(readEnvironmentFile(file, stack), systems, capabilities, { secrets: 'names' });
  const images = blueprintsOf(environment, systems, capabilities).flatMap(({ roles }) =>
    Object.values(roles).flatMap(({ services, edge }) => [
      ...services.flatMap((service) => (service.kind === 'container' ? [service.image] : [])),
      ...(edge?.image ? [edge.image] : []),
    ]),
  );
  return new Set(images);
}
