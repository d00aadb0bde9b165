import { blueprintsIn } from '../blueprints.ts';

/**
 * The images that the systems of an environment file run, as production knows them.
 * @throws ConfigError with everything that is wrong with the file
 */
export function wantedImages(file: string, stack: string): ReadonlySet<string> {
  const images = blueprintsIn(file, stack).flatMap(({ roles }) =>
    Object.values(roles).flatMap(({ services, edge }) => [
      ...services.flatMap((service) => (service.kind === 'container' ? [service.image] : [])),
      ...(edge?.image ? [edge.image] : []),
    ]),
  );
  return new Set(images);
}
