import { existsSync } from 'node:fs';
import { type CommandPlugin, installCommandPlugin } from './command-plugin.ts';
import { cgroupVersion, ensureDocker } from './docker.ts';
import { type Engine, findEngine } from './engine.ts';
import { type PreparedImages, planImages } from './images.ts';
import { together } from './interrupt.ts';
import { engineEnvironment, type Place, preparePlace } from './place.ts';
import type { Progress } from './progress.ts';
import { writeStackFile } from './stack-file.ts';

export interface PreparedEngine {
  engine: Engine;
  plugin: CommandPlugin;
  /** What to run `pulumi` in. */
  environment: NodeJS.ProcessEnv;
}

/** Sees that there is an engine, with its command plugin, for the place's own state and home. */
export async function prepareEngine(place: Place, progress: Progress): Promise<PreparedEngine> {
  const engine = await progress.run({ name: 'engine', run: findEngine });
  await preparePlace(place, engine);
  const plugin = await progress.run({
    name: 'command plugin',
    run: (log) => installCommandPlugin(place, engine, log),
  });
  if (plugin.kind === 'stand-in') {
    progress.say(`  the command plugin is berth's own stand-in, as the genuine one cannot be had: ${plugin.reason}`);
  }
  return { engine, plugin, environment: engineEnvironment(place, engine, plugin.kind === 'stand-in') };
}

/** Sees that a docker engine answers. */
export async function prepareDocker(progress: Progress): Promise<void> {
  const how = await progress.run({ name: 'docker', run: ensureDocker });
  progress.say(`  ${how}, on cgroup ${await cgroupVersion()}`);
}

/**
 * Sees that docker has the images that local machines need, and gives their names.
 * @param wanted the service images, as production knows them. @default all
 */
export async function prepareImages(progress: Progress, wanted?: ReadonlySet<string>): Promise<PreparedImages> {
  const { stages, prepared } = await planImages(wanted);
  await together(stages.map((stage) => progress.run(stage)));
  return progress.run({ name: 'images', run: async () => prepared() });
}

/**
 * Prepares everything that `pulumi up` of a local stack needs, side by side, and writes its stack file.
 * @param committed the environment file that a person keeps
 * @param secrets further secrets of the stack, by name
 * @param wanted the service images to prepare, as production knows them. @default all
 */
export async function prepare(
  place: Place,
  progress: Progress,
  committed: string,
  secrets: Readonly<Record<string, string>> = {},
  wanted?: ReadonlySet<string>,
): Promise<PreparedEngine & { images: PreparedImages }> {
  if (!existsSync(committed)) throw new Error(`there is no ${committed}: it says what the stack is made of`);
  const [prepared, images] = await together([
    prepareEngine(place, progress),
    prepareDocker(progress).then(() => prepareImages(progress, wanted)),
  ] as const);
  const { environment } = prepared;
  await progress.run({
    name: 'configuration',
    run: (log) => writeStackFile({ place, environment, committed, images, secrets, log }),
  });
  return { ...prepared, images };
}
