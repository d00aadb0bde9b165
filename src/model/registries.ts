import type { Environment, Registries } from './environment.ts';

/** Who owns the secrets of an environment's own logins, in `berth:secrets` */
export const environmentOwner = 'registries';

/** A login with the whole name of its password in `berth:secrets` */
export interface NamedLogin {
  registry: string;
  user: string;
  secret: string;
}

/** The logins for a system's images: its own, then those of the environment */
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

/** The registry that an image comes from; one without a name is Docker Hub's */
export function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? first : 'docker.io';
}
