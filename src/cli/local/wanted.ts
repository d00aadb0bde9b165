import { systems } from 'berth:systems';
import type { SetUpNeeds } from '../../clouds/local/setUp/prepare.ts';
import { containersOf } from '../../clouds/local/wanted.ts';
import { clouds } from '../../clouds/registry.ts';
import { readEnvironmentFile } from '../../config/file.ts';
import { allSecrets, loadEnvironment } from '../../config/load.ts';
import { secretFormOf } from '../../config/secretForms.ts';
import { secretNames } from '../../config/secrets.ts';
import { systemImages } from '../../model/images.ts';
import { repositoriesOf } from '../../model/repositories.ts';
import type { StandInImage } from '../../model/system.ts';

/**
 * Returns the images, containers and secrets that the systems of an environment file need on this computer
 * @throws ConfigError with everything that is wrong with the file
 */
export function wantedIn(file: string, stack: string): SetUpNeeds {
  const input = readEnvironmentFile(file, stack);
  const loaded = loadEnvironment(input, systems, clouds, { secrets: 'names' });
  const needed = new Set(allSecrets(input, systems, loaded).keys());
  const present = secretNames(input.config);
  const missing = [...needed].filter((name) => !present.includes(name));
  const { blueprints } = loaded;
  const local = loaded.systems.filter(({ cloud }) => cloud.name === 'local').map(({ blueprint }) => blueprint);
  return {
    images: new Set(blueprints.flatMap(systemImages)),
    standIns,
    repositories: repositories.filter(({ repository }) => local.flatMap(repositoriesOf).includes(repository)),
    containers: containersOf(local),
    secrets: { needed, missing: new Map(missing.map((name) => [name, secretFormOf(systems, name)])) },
  };
}

/** Stand-in images of all of the project's systems */
const standIns: readonly StandInImage[] = Object.values(systems).flatMap(({ standIns: own = [] }) => own);

/** Stand-in git repositories of all of the project's systems */
const repositories = Object.values(systems).flatMap(({ standInRepositories: own = [] }) => own);

/** Every image with a stand-in, and no containers */
export const everyImage: SetUpNeeds = { standIns, containers: [] };
