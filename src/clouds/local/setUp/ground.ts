import { ConfigError } from '../../../config/error.ts';
import type { Place } from '../../../pulumi/place.ts';
import { lookAtGround } from '../provider/ground/look.ts';
import { groundProblems } from '../provider/ground/problems.ts';
import type { WantedContainer } from '../wanted.ts';
import { stackOwner } from './stack.ts';

/** What an image takes of docker's disk: all 29 took 4.1 GB */
const imageMb = 140;

interface Question {
  place: Place;
  containers: readonly WantedContainer[];
  /** How many images are still to be made */
  images: number;
  /** Why docker can't be asked, where it can't */
  dockerObstacle?: string;
}

/**
 * Asks before images are made what the program asks again before its first resource: whether this computer has the ports,
 * the memory, the disk and the docker that a stack's local machines need.
 * @throws with everything that stands in the way
 */
export async function checkGround({ place, containers, images, dockerObstacle }: Question): Promise<void> {
  const wanted = {
    owner: stackOwner(place),
    file: `Pulumi.${place.stack}.yaml`,
    containers: [...containers],
    images: [],
    imagesMb: images * imageMb,
  };
  const problems = groundProblems(wanted, await lookAtGround(wanted, dockerObstacle));
  if (problems.length > 0) throw new ConfigError('this computer', problems);
}
