import { existsSync } from 'node:fs';
import { interrupted, together } from '../../../process/interrupt.ts';
import type { Progress } from '../../../process/progress.ts';
import { type CommandPlugin, installCommandPlugin } from '../../../pulumi/commandPlugin.ts';
import { type Engine, findEngine } from '../../../pulumi/engine.ts';
import { engineEnvironment, type Place, preparePlace } from '../../../pulumi/place.ts';
import { type ImagePlan, type PreparedImages, planImages, type WantedImages } from '../images/plan.ts';
import { pullWanted } from '../images/registry.ts';
import type { WantedContainer } from '../wanted.ts';
import { checkComputer } from './computer.ts';
import { cgroupVersion, ensureDocker } from './docker.ts';
import { freePorts, type Ports, withChosenPorts } from './ports.ts';
import { secretMakers, type WantedSecrets } from './secrets.ts';
import { writeStackFile } from './stackFile.ts';

/** Needs of an environment file's systems on this computer */
export interface SetUpNeeds extends WantedImages {
  /** Containers of the local cloud: machines, and servers in place of a cloud's services */
  containers: readonly WantedContainer[];
  /** Whether images are pulled where their registry hands them out, before stand-ins are used. @default not */
  fromRegistries?: boolean;
  /** @default none but the deploy key */
  secrets?: WantedSecrets;
}

export interface PreparedEngine {
  engine: Engine;
  plugin: CommandPlugin;
  /** Environment variables for `pulumi` */
  environment: NodeJS.ProcessEnv;
}

/** Ensures that there is an engine with its command plugin, for the place's own state and home */
export async function prepareEngine(place: Place, progress: Progress): Promise<PreparedEngine> {
  const engine = await progress.run({ name: 'engine', run: findEngine });
  await preparePlace(place, engine);
  const plugin = await progress.run({
    name: 'command plugin',
    run: (log) => installCommandPlugin(place, engine, log),
  });
  if (plugin.kind === 'stand-in') {
    progress.say(
      `  the command plugin is berth's own stand-in, because the genuine one is not available: ${plugin.reason}`,
    );
  }
  return { engine, plugin, environment: engineEnvironment(place, engine, plugin.kind === 'stand-in') };
}

/** Ensures that a docker engine answers */
export async function prepareDocker(progress: Progress): Promise<void> {
  const how = await progress.run({ name: 'docker', run: ensureDocker });
  progress.say(`  ${how}, on cgroup ${await cgroupVersion()}`);
}

/** Ensures that docker has the images that local machines need, and returns their names */
export async function prepareImages(progress: Progress, wanted: WantedImages): Promise<PreparedImages> {
  return carryOut(await planImages(wanted), progress);
}

async function carryOut({ stages, prepared }: ImagePlan, progress: Progress): Promise<PreparedImages> {
  await together(stages.map((stage) => progress.run(stage)));
  return progress.run({ name: 'images', run: async () => prepared() });
}

/**
 * Prepares docker and its images. Building images takes long, so this computer is checked first, and all problems are
 * reported together, including a docker that does not answer.
 */
async function prepareCloud(
  place: Place,
  progress: Progress,
  wanted: SetUpNeeds,
): Promise<{ images: PreparedImages; ports: Ports }> {
  const dockerObstacle = await prepareDocker(progress).then(() => undefined, obstacle);
  if (dockerObstacle === undefined && wanted.fromRegistries) await pullImages(progress, wanted.images ?? new Set());
  const plan = dockerObstacle === undefined ? await planImages(wanted) : undefined;
  const images = plan?.stages.length ?? 0;
  const ports = await freePorts(place, wanted.containers, progress.say);
  await checkComputer({
    place,
    containers: withChosenPorts(wanted.containers, ports),
    images,
    ...(dockerObstacle !== undefined && { dockerObstacle }),
  });
  if (!plan) throw new Error(dockerObstacle);
  return { images: await carryOut(plan, progress), ports };
}

/** Pulls images that docker does not have, and says which no registry hands out */
async function pullImages(progress: Progress, images: ReadonlySet<string>): Promise<void> {
  const without = await progress.run({ name: 'registry images', run: (log) => pullWanted(images, log) });
  if (without.length > 0)
    progress.say(`  no registry hands out ${without.join(', ')}: what stands in for them is used`);
}

/**
 * Returns the reason why docker can't be used
 * @throws the error itself, if docker is not its cause: the user interrupted, or another stage failed
 */
function obstacle(error: unknown): string {
  if (interrupted.aborted || !(error instanceof Error)) throw error;
  return error.message.replace(/^docker: /, '');
}

/**
 * Prepares everything that `pulumi up` of a local stack needs, in parallel, and writes its stack file. Ports that are in
 * use are replaced, and secrets that the file lacks are made up.
 * @param committed environment file that the user keeps
 * @param wanted needs of the file's systems on this computer
 * @param secrets further secrets of the stack, by name
 */
export async function prepareComputer(
  place: Place,
  progress: Progress,
  committed: string,
  wanted: SetUpNeeds,
  secrets: Readonly<Record<string, string>> = {},
): Promise<PreparedEngine & { images: PreparedImages }> {
  if (!existsSync(committed)) throw new Error(`${committed} is missing: it declares the stack`);
  const [prepared, { images, ports }] = await together([
    prepareEngine(place, progress),
    prepareCloud(place, progress, wanted),
  ] as const);
  const { environment } = prepared;
  const given = Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, () => value]));
  const made = wanted.secrets && secretMakers(place, wanted.secrets, images.machineImage);
  const ofSystems = {
    secrets: { ...made, ...given },
    ...(wanted.secrets && { keeps: (name: string) => wanted.secrets?.needed.has(name) ?? true }),
  };
  await progress.run({
    name: 'configuration',
    run: (log) => writeStackFile({ place, environment, committed, images, ports, ...ofSystems, log }),
  });
  return { ...prepared, images };
}
