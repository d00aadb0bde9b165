import { systems } from 'berth:systems';
import type { Wanted } from '../../clouds/local/setUp/prepare.ts';
import { containersOf } from '../../clouds/local/wanted.ts';
import { clouds } from '../../clouds/registry.ts';
import { readEnvironmentFile } from '../../config/file.ts';
import { loadEnvironment } from '../../config/load.ts';
import type { Blueprint } from '../../model/blueprint.ts';
import { blueprintsOf } from '../../model/inPlace.ts';
import type { StandInImage } from '../../model/system.ts';

/**
 * What the systems of an environment file need of this computer.
 * @throws ConfigError with everything that is wrong with the file
 */
export function wantedIn(file: string, stack: string): Wanted {
  const environment = loadEnvironment(readEnvironmentFile(file, stack), systems, clouds, { secrets: 'names' });
  const blueprints = blueprintsOf(environment, systems, clouds);
  const local = blueprints.filter(({ system }) => environment.systems[system]?.cloud === 'local');
  return {
    images: new Set(blueprints.flatMap(imagesOf)),
    standIns,
    containers: containersOf(local),
  };
}

/** What the project's systems bring for local machines */
const standIns: readonly StandInImage[] = Object.values(systems).flatMap(({ standIns: own = [] }) => own);

/** Every service image that has a stand-in, and no machine */
export const everyImage: Wanted = { standIns, containers: [] };

/** The images that a system runs, as production knows them */
const imagesOf = ({ roles }: Blueprint): readonly string[] =>
  Object.values(roles).flatMap(({ services, jobs = [], edge }) => [
    ...services.flatMap((service) => (service.kind === 'container' ? [service.image] : [])),
    ...jobs.flatMap(({ steps }) => steps.map(({ image }) => image)),
    ...(edge?.image ? [edge.image] : []),
  ]);
