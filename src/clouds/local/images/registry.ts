import { registryOf } from '../../../model/registries.ts';
import { builtImages, dockerName } from './build.ts';
import { pulled } from './pull.ts';

/**
 * Pulls the wanted images that docker does not have, so that they are used instead of their stand-ins
 * @returns those that no registry handed out
 */
export async function pullWanted(images: ReadonlySet<string>, log: (line: string) => void): Promise<readonly string[]> {
  const present = await builtImages();
  const absent = [...images].filter((image) => !present.has(dockerName(image)));
  const without: string[] = [];
  // One after the other: each pull has all of the network, and docker fetches several layers at once
  for (const image of absent) if (!(await pulled(named(image), log))) without.push(image);
  return without;
}

/** Returns an image with its registry, which docker leaves out where it is its own */
const named = (image: string): string => (image.startsWith(`${registryOf(image)}/`) ? image : `docker.io/${image}`);
