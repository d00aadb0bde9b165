import { ConfigError } from '../../../config/error.ts';
import type { Place } from '../../../pulumi/place.ts';
import { lookAtComputer } from '../provider/computer/look.ts';
import { otherHolder, problemsOfComputer } from '../provider/computer/problems.ts';
import type { WantedContainer } from '../wanted.ts';
import { stackOwner } from './stack.ts';

/** Disk space of an image in MB; measured: 29 images took 4.1 GB */
const imageMb = 140;

interface Question {
  place: Place;
  containers: readonly WantedContainer[];
  /** Number of images that are still to be built */
  images: number;
  /** Reason why docker can't be used, if there is one */
  dockerObstacle?: string;
}

/**
 * Checks that this computer has the ports, memory, disk and docker that a stack's local machines need. Runs before
 * images are built; the program repeats the check before its first resource.
 * @throws {ConfigError} with every problem found
 */
export async function checkComputer({ place, containers, images, dockerObstacle }: Question): Promise<void> {
  const own = { owner: stackOwner(place), file: `Pulumi.${place.stack}.yaml` };
  const wanted = { ...own, ...wantedComputer(containers, images) };
  const problems = problemsOfComputer(wanted, await lookAtComputer(wanted, dockerObstacle));
  if (problems.length > 0) throw new ConfigError('this computer', problems);
}

/**
 * Returns what containers need of this computer
 * @param images number of images that are still to be built
 */
export const wantedComputer = (containers: readonly WantedContainer[], images: number) => ({
  ...{ containers: [...containers], images: [], imagesMb: images * imageMb },
});

/**
 * Returns the users of those ports of 127.0.0.1 that anything but the stack's own containers uses
 * @returns who, by port; free ports are absent
 */
export async function portsInUse(place: Place, ports: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const owner = stackOwner(place);
  const publish = ports.map((port) => ({ machinePort: port, hostPort: port }));
  const containers = [{ name: 'ports', memoryMb: 0, diskMb: 0, publish }];
  const found = await lookAtComputer({ owner, file: '', containers, images: [], imagesMb: 0 });
  const users = ports.map((port) => [port, otherHolder(port, owner, found)?.who] as const);
  return new Map(users.flatMap(([port, who]) => (who === undefined ? [] : [[port, who] as const])));
}
