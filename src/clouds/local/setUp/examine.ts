import { cacheFolder } from '../../../paths.ts';
import { unreachable } from '../../../process/probe.ts';
import { hasGenuinePlugin } from '../../../pulumi/commandPlugin.ts';
import { presentEngine } from '../../../pulumi/engine.ts';
import type { Place } from '../../../pulumi/place.ts';
import { planImages } from '../images/plan.ts';
import { lookAtComputer } from '../provider/computer/look.ts';
import { type ComputerProblem, problemsOfComputer } from '../provider/computer/problems.ts';
import { wantedComputer } from './computer.ts';
import { cgroupVersion, dockerObstacle } from './docker.ts';
import type { SetUpNeeds } from './prepare.ts';
import { stackOwner } from './stack.ts';

/** What this computer has of what `berth local` needs */
export interface Examined {
  node: string;
  /** Absent where docker does not answer, which `problems` says */
  docker?: { version: string; cgroup: string };
  /** What prevents machines from running, by the checks of `berth local` */
  problems: readonly ComputerProblem[];
  /** Origin of the engine; absent where there is none yet */
  engine?: string;
  plugin: 'genuine' | 'stand-in';
  /** Images that are still to be pulled or built; absent without docker */
  missingImages?: number;
  memoryMb?: number;
  disk?: { folder: string; freeMb: number };
  cache: string;
  /** Why hosts can't be reached, by host; undefined for those that answer */
  network: ReadonlyMap<string, string | undefined>;
}

/**
 * Looks at this computer, and changes nothing
 * @param place of the local stack; absent outside of a project
 * @param wanted needs of the systems
 * @param hosts to be reached over the network
 */
export async function examine(
  place: Place | undefined,
  wanted: SetUpNeeds,
  hosts: readonly string[],
): Promise<Examined> {
  const obstacle = await dockerObstacle();
  const plan = obstacle === undefined ? await planImages(wanted) : undefined;
  const asked = {
    ...wantedComputer(wanted.containers, plan?.stages.length ?? 0),
    ...{ owner: place ? stackOwner(place) : '', file: 'Pulumi.local.yaml' },
  };
  const [found, engine, isGenuine, ...answers] = await Promise.all([
    lookAtComputer(asked, obstacle),
    presentEngine(),
    hasGenuinePlugin(),
    ...hosts.map((host) => unreachable(`https://${host}/`)),
  ]);
  const { docker, memoryMb, disk } = found;
  return {
    node: process.versions.node,
    ...('version' in docker && { docker: { version: docker.version, cgroup: await cgroupVersion() } }),
    problems: problemsOfComputer(asked, found),
    ...(engine && { engine: engine.origin }),
    plugin: isGenuine ? 'genuine' : 'stand-in',
    ...(plan && { missingImages: plan.stages.length }),
    ...(memoryMb !== undefined && { memoryMb }),
    ...(disk && { disk }),
    cache: cacheFolder(),
    network: new Map(hosts.map((host, index) => [host, answers[index]])),
  };
}
