import type { Blueprint, Role } from './blueprint.ts';
import type { CloudFace } from './cloud.ts';
import type { Environment } from './environment.ts';
import { callsOf } from './inCluster.ts';
import { isProgram, type Job } from './job.ts';
import type { Service } from './service.ts';

type Pinning = Pick<Environment, 'images'>;

/** Returns the images of a service or job */
export function imagesOf(one: Service | Job): readonly string[] {
  if ('steps' in one) return one.steps.flatMap((step) => (isProgram(step) ? [] : [step.image]));
  return one.kind === 'container' ? [one.image] : [];
}

/** Returns the production images of a system, each once: of its services, jobs and edges */
export const systemImages = ({ roles }: Blueprint): readonly string[] => [
  ...new Set(
    Object.values(roles).flatMap((role) => [...ownImages(role), ...(role.edge?.image ? [role.edge.image] : [])]),
  ),
];

const ownImages = ({ services, jobs = [] }: Role): readonly string[] => [...services, ...jobs].flatMap(imagesOf);

/** Returns an image reference without its tag or digest */
export const repositoryOf = (reference: string): string => reference.replace(/(?::[^/:@]+)?(?:@.*)?$/, '');

/** Returns the digest of a reference that has one */
export const digestOf = (reference: string): string | undefined => reference.split('@')[1];

/**
 * Returns what runs for image references that are replaced: the cloud's own images, and each reference with the digest that
 * `berth:images` has for it
 */
export function runningImages(face: CloudFace | undefined, environment: Environment): Readonly<Record<string, string>> {
  const own = Object.keys(environment.images ?? {}).map((reference) => [reference, pinned(reference, environment)]);
  const replaced = Object.entries(face?.standIns?.(environment).images ?? {}).map(([reference, other]) => [
    reference,
    pinned(other, environment),
  ]);
  return Object.fromEntries([...own, ...replaced]);
}

/** Returns the images that a system's machines or pods pull, each once, without the digests of `berth:images` */
export function pulledImages(blueprint: Blueprint, face: CloudFace, environment: Environment): readonly string[] {
  const { images = {} } = face.standIns?.(environment) ?? {};
  const byClock = Object.values(blueprint.roles).some(({ schedule }) => schedule !== undefined);
  const calling = Object.entries(blueprint.roles).some(
    ([name, { jobs = [] }]) => jobs.length > 0 && callsOf(blueprint, name).length > 0,
  );
  const { kubectlImage, toolsImage } = face.clusterSettings?.(environment) ?? {};
  // A cluster has an ingress in the place of edges
  const own = face.capabilities.cluster ? Object.values(blueprint.roles).flatMap(ownImages) : systemImages(blueprint);
  const all = [...own, ...(byClock ? [kubectlImage ?? []] : []), ...(calling ? [toolsImage ?? []] : [])].flat();
  return [...new Set(all.map((reference) => images[reference] ?? reference))];
}

/** Returns the digests of `berth:images` that a system runs, by image reference; empty where the file pins none of them */
export const pinnedImages = (
  blueprint: Blueprint,
  face: CloudFace,
  environment: Environment,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    pulledImages(blueprint, face, environment).flatMap((reference) => {
      const digest = environment.images?.[reference];
      return digest === undefined ? [] : [[reference, digest]];
    }),
  );

/** Returns the images of a system that would run by their tags alone, although the environment pins images */
export const unpinnedImages = (blueprint: Blueprint, face: CloudFace, environment: Environment): readonly string[] =>
  environment.images === undefined
    ? []
    : pulledImages(blueprint, face, environment).filter(
        (reference) => digestOf(pinned(reference, environment)) === undefined,
      );

/** Returns a reference with its digest, as far as the environment has one for it */
export function pinned(reference: string, { images = {} }: Pinning): string {
  const digest = images[reference];
  return digest === undefined || digestOf(reference) !== undefined ? reference : `${reference}@${digest}`;
}
