import type { Environment, Registries } from './environment.ts';

/** Owner, in `berth:secrets`, of the passwords for the environment's registries */
export const environmentOwner = 'registries';

/** A login with the full name of its password in `berth:secrets` */
export interface NamedLogin {
  registry: string;
  user: string;
  secret: string;
}

/** Returns the logins for a system's images: its own, then those of the environment for other registries */
export function loginsOf(
  environment: Pick<Environment, 'registries' | 'systems'>,
  system: string,
): readonly NamedLogin[] {
  const named = (owner: string, logins: Registries = {}): readonly NamedLogin[] =>
    Object.entries(logins).map(([registry, { user, password }]) => ({
      ...{ registry, user },
      secret: `${owner}/${password.secret}`,
    }));
  const own = named(system, environment.systems[system]?.registries);
  const others = named(environmentOwner, environment.registries).filter(
    ({ registry }) => !own.some((login) => login.registry === registry),
  );
  return [...own, ...others];
}

/** Returns the host at which a registry answers: Docker Hub's is another than its name says */
export const registryHost = (registry: string): string =>
  registry === 'docker.io' ? 'registry-1.docker.io' : registry;

/** Returns the registry of an image; images without one come from Docker Hub */
export function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? first : 'docker.io';
}
