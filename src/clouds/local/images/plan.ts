import { checkout } from '../../../paths.ts';
import type { Stage } from '../../../process/stage.ts';
import { baseTag } from './base.ts';
import { builtImages } from './build.ts';
import { imageTag } from './keys.ts';
import { maker } from './maker.ts';
import { bareMachine, machine, type Recipe, receivers } from './recipes.ts';
import { registryData, storedReference } from './store.ts';
import { type StandIn, standIns, withoutStandIn } from './table.ts';

type Log = (line: string) => void;

/** What a local stack must know about the images that were prepared for it. */
export interface PreparedImages {
  machineImage: string;
  /** Where machines boot an image that lacks nftables. */
  firewallImage?: string;
  receivers: { registry: string; objectStore: string; logReceiver: string; acme: string };
  /** The host folder that holds the registry's data. */
  registryData: string;
  /** Production reference → the reference, by digest, that machines pull. */
  images: Record<string, string>;
  /** Repositories of images that nothing stands in for → why: a local stack leaves their services out. */
  withoutStandIn?: Readonly<Record<string, string>>;
}

export interface ImagePlan {
  /** One for each image that is missing, to be started together: each waits for those that it stands on. */
  stages: Stage<void>[];
  /** @throws while a stage has not ended well */
  prepared(): PreparedImages;
}

/**
 * Looks which images are missing. It takes one call of the docker engine and no network.
 * @param wanted the service images to have, as production knows them. @default every one that has a stand-in
 */
export async function planImages(wanted?: ReadonlySet<string>): Promise<ImagePlan> {
  const present = await builtImages();
  const make = maker(present);
  const recipes = [bareMachine, machine, ...Object.values(receivers)];
  const missing = recipes.filter((recipe) => !present.has(imageTag(recipe, checkout)));
  const services = standIns.filter(({ production }) => wanted?.has(production) ?? true);
  const absent = services.filter((standIn) => storedReference(standIn) === undefined);
  const base = { name: 'debian image', run: make.base };
  const stages = [
    ...missing.map((recipe) => ({ name: `${recipe.name} image`, run: (log: Log) => make.image(recipe, log) })),
    ...absent.map((standIn) => ({ name: shortName(standIn), run: (log: Log) => make.stored(standIn, log) })),
  ];
  return {
    stages: stages.length > 0 && !present.has(baseTag) ? [base, ...stages] : stages,
    prepared: () => prepared(services),
  };
}

/**
 * Prepares every image that local machines need, as far as it is missing, and gives their names.
 * @param report receives each line of progress, after the name of its image
 */
export async function prepareImages(report: Log): Promise<PreparedImages> {
  const { stages, prepared } = await planImages();
  const runs = stages.map((stage) => stage.run((line) => report(`${stage.name}: ${line}`)));
  // What succeeds beside a failure is kept, so that the next run is shorter
  const failure = (await Promise.allSettled(runs)).find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
  return prepared();
}

function prepared(services: readonly StandIn[]): PreparedImages {
  const { registry, objectStore, logReceiver, acme } = receivers;
  const tag = (recipe: Recipe): string => imageTag(recipe, checkout);
  return {
    machineImage: tag(machine),
    receivers: {
      registry: tag(registry),
      objectStore: tag(objectStore),
      logReceiver: tag(logReceiver),
      acme: tag(acme),
    },
    registryData: registryData(),
    images: Object.fromEntries(services.map((standIn) => [standIn.production, localReference(standIn)])),
    withoutStandIn,
  };
}

function localReference(standIn: StandIn): string {
  const reference = storedReference(standIn);
  if (!reference) throw new Error(`the image ${standIn.production} has not been prepared: run \`npm run local\``);
  return reference;
}

function shortName({ production }: StandIn): string {
  return `${production.slice(production.lastIndexOf('/') + 1)} image`;
}
