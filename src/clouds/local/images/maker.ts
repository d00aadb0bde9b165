import { join } from 'node:path';
import { cacheFolder } from '../../../paths.ts';
import { withLock } from '../../../process/lock.ts';
import { baseTag, makeBase } from './base.ts';
import { buildImage, builtImages } from './build.ts';
import { ingredients } from './ingredients.ts';
import { imageTag } from './keys.ts';
import { pulled } from './pull.ts';
import { type Recipe, receivers } from './recipes.ts';
import { store, storedReference } from './store.ts';
import type { OwnImage, StandIn } from './table.ts';

type Log = (line: string) => void;

/** Each makes what it names, after what that stands on, and does nothing where it is there already. */
export interface Maker {
  base(log: Log): Promise<void>;
  image(recipe: Recipe, log: Log): Promise<void>;
  /** In the registry's data. */
  stored(source: StandIn | OwnImage, log: Log): Promise<void>;
}

/**
 * Gives a maker that makes each image once, however many others stand on it, and leaves to other processes what they
 * are at.
 * @param present the images that the docker engine has
 */
export function maker(present: Pick<ReadonlyMap<string, string>, 'has'>): Maker {
  const started = new Map<string, Promise<void>>();

  function once(name: string, log: Log, task: () => Promise<void>): Promise<void> {
    const lock = join(cacheFolder(), 'locks', name.replace(/[^a-z0-9.]+/g, '-'));
    const run = started.get(name) ?? withLock(lock, log, task);
    started.set(name, run);
    return run;
  }

  async function built(tag: string, log: Log, build: () => Promise<void>): Promise<void> {
    if (present.has(tag)) return;
    await once(tag, log, async () => {
      // Another process may have built it while this one waited for its turn
      if (!(await builtImages()).has(tag)) await build();
    });
  }

  function base(log: Log): Promise<void> {
    return built(baseTag, log, () => makeBase(log));
  }

  function image(recipe: Recipe, log: Log): Promise<void> {
    return built(imageTag(recipe), log, async () => {
      const parent = recipe.parent ? image(recipe.parent, log) : base(log);
      // The compiler needs no parent image and starts at once
      const [files] = await Promise.all([ingredients(recipe, log), parent]);
      await buildImage(recipe, files, log);
    });
  }

  async function stored(source: StandIn | OwnImage, log: Log): Promise<void> {
    await ('recipe' in source ? standsIn(source, log) : own(source, log));
  }

  async function own(source: OwnImage, log: Log): Promise<void> {
    await once(`stored ${source.production} ${source.id}`, log, async () => {
      if (storedReference(source) !== undefined) return;
      await image(receivers.registry, log);
      await store(source, source.production, log);
    });
  }

  async function standsIn(standIn: StandIn, log: Log): Promise<void> {
    const { production, pulledWherePossible, recipe } = standIn;
    await once(`stored ${imageTag(recipe)}`, log, async () => {
      if (storedReference(standIn) !== undefined) return;
      const isPulled = pulledWherePossible && (await pulled(production, log));
      await Promise.all([image(receivers.registry, log), isPulled ? undefined : image(recipe, log)]);
      await store(standIn, isPulled ? production : imageTag(recipe), log);
    });
  }

  return { base, image, stored };
}
