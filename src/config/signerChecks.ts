import type { CloudFace } from '../model/cloud.ts';
import type { Environment } from '../model/environment.ts';
import { digestOf } from '../model/images.ts';
import type { Problem } from '../model/problem.ts';
import { signedImages } from '../model/signers.ts';
import type { LoadedSystem } from './load.ts';
import { pathText } from './path.ts';

/** Returns images that are to be signed and have no digest: a tag may lead to another image than the signed one */
export const signerProblems = (
  loaded: readonly LoadedSystem<CloudFace>[],
  environment: Environment,
  stack: string,
): readonly Problem[] => {
  const images = loaded.flatMap(({ blueprint, cloud }) => signedImages(blueprint, cloud, environment));
  const without = new Set(images.map(({ image }) => image).filter((image) => digestOf(image) === undefined));
  return [...without].map((image) => ({
    path: pathText(['berth:images', image]),
    message: 'is missing: berth:signers says who signs this image, and a signature is of a digest',
    allowed: 'the digest of the signed image',
    fix: `npx berth pin ${stack}`,
  }));
};
