import type { LoadedSystem } from '../../config/load.ts';
import type { Environment } from '../../model/environment.ts';
import { digestOf, pulledImages } from '../../model/images.ts';
import { signedImages, signerOf } from '../../model/signers.ts';
import { type LoginAt, registries } from './registry.ts';
import { verifySignature } from './signature.ts';

type Declared = Pick<LoadedSystem, 'blueprint' | 'cloud'>;

/** Returns the systems that run the images of registries: machines on this computer run stand-ins */
export const elsewhere = <System extends Declared>(systems: readonly System[]): readonly System[] =>
  systems.filter(({ cloud }) => !cloud.capabilities.onThisComputer);

/** Returns the images that systems name by a tag, each once */
export const taggedImages = (systems: readonly Declared[], environment: Environment): readonly string[] => [
  ...new Set(
    systems
      .flatMap(({ blueprint, cloud }) => pulledImages(blueprint, cloud, environment))
      .filter((image) => digestOf(image) === undefined),
  ),
];

/**
 * Asks the registries of systems for the digests that their tags have now, and looks for the signatures of those whose signer
 * is named
 * @throws with all that registries refuse, and all that is not signed, at once
 */
export async function resolvedDigests(
  systems: readonly Declared[],
  environment: Environment,
  loginsOf: (system: string) => LoginAt,
): Promise<Readonly<Record<string, string>>> {
  const owners = new Map(
    systems.flatMap((system) => taggedImages([system], environment).map((image) => [image, system.blueprint.system])),
  );
  const entries = await allOf(
    [...owners].map(([image, system]) => async () => {
      const asked = registries(loginsOf(system));
      const digest = await asked.digest(image);
      const key = signerOf(image, environment);
      if (key !== undefined) await verifySignature({ image: `${image}@${digest}`, key }, asked);
      return [image, digest] as const;
    }),
  );
  await verifySigned(systems, { ...environment, images: {} }, loginsOf);
  return Object.fromEntries(entries);
}

/**
 * Looks for the signatures of all images of systems that have a digest and whose signer is named
 * @throws with all that are not signed at once
 */
export async function verifySigned(
  systems: readonly Declared[],
  environment: Environment,
  loginsOf: (system: string) => LoginAt,
): Promise<void> {
  const jobs = systems.flatMap(({ blueprint, cloud }) =>
    signedImages(blueprint, cloud, environment)
      .filter(({ image }) => digestOf(image) !== undefined)
      .map((image) => () => verifySignature(image, registries(loginsOf(blueprint.system)))),
  );
  await allOf(jobs);
}

/** @throws with the messages of all that failed */
async function allOf<Result>(jobs: readonly (() => Promise<Result>)[]): Promise<readonly Result[]> {
  const ended = await Promise.allSettled(jobs.map((job) => job()));
  const failed = ended.flatMap((one) => (one.status === 'rejected' ? [messageOf(one.reason)] : []));
  if (failed.length > 0) throw new Error([...new Set(failed)].join('\n'));
  return ended.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
