import type { Blueprint } from './blueprint.ts';
import type { CloudFace } from './cloud.ts';
import type { Environment } from './environment.ts';
import { pinned, pulledImages, repositoryOf } from './images.ts';

/** An image that somebody has to have signed */
export interface SignedImage {
  /** With its digest, if the environment or the system names one */
  image: string;
  /** Public key, PEM */
  key: string;
}

/** Returns the key that has to have signed an image: that of its repository, else that of the innermost folder */
export function signerOf(reference: string, { signers = {} }: Pick<Environment, 'signers'>): string | undefined {
  const repository = repositoryOf(reference);
  const [nearest] = Object.keys(signers)
    .filter((name) => name === repository || (name.endsWith('/') && repository.startsWith(name)))
    .sort((one, other) => other.length - one.length);
  return nearest === undefined ? undefined : signers[nearest];
}

/** Returns the images of a system whose signatures are verified before they are deployed */
export const signedImages = (blueprint: Blueprint, face: CloudFace, environment: Environment): readonly SignedImage[] =>
  pulledImages(blueprint, face, environment).flatMap((reference) => {
    const key = signerOf(reference, environment);
    return key === undefined ? [] : [{ image: pinned(reference, environment), key }];
  });
