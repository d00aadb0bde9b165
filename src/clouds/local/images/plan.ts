import type { StandInImage } from '../../../model/system.ts';
import type { Stage } from '../../../process/stage.ts';
import { baseTag } from './base.ts';
import { builtImages } from './build.ts';
import { imageTag } from './keys.ts';
import { maker } from './maker.ts';
import { bareMachine, machine, receivers } from './recipes.ts';
import { registryData, storedReference } from './store.ts';
import { type OwnImage, type StandIn, standInTable, withoutStandIn } from './table.ts';

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

/** Service images to have */
export interface WantedImages {
  /** As production knows them. @default every one that has a stand-in */
  images?: ReadonlySet<string>;
  /** Stand-ins that systems bring */
  standIns: readonly StandInImage[];
}

/** Looks which images are missing. It takes one call of the docker engine and no network. */
export async function planImages(wanted: WantedImages): Promise<ImagePlan> {
  const present = await builtImages();
  const make = maker(present);
  const recipes = [bareMachine, machine, ...Object.values(receivers)];
  const missing = recipes.filter((recipe) => !present.has(imageTag(recipe)));
  const services = sourcesOf(wanted, present);
  const absent = services.filter((source) => storedReference(source) === undefined);
  const base = { name: 'debian image', run: make.base };
  const stages = [
    ...missing.map((recipe) => ({ name: `${recipe.name} image`, run: (log: Log) => make.image(recipe, log) })),
    ...absent.map((source) => ({ name: shortName(source), run: (log: Log) => make.stored(source, log) })),
  ];
  return {
    stages: stages.length > 0 && !present.has(baseTag) ? [base, ...stages] : stages,
    prepared: () => prepared(services),
  };
}

/** Where each wanted image comes from: what a person has put into docker under its name comes before what stands in */
function sourcesOf(
  { images, standIns }: WantedImages,
  present: ReadonlyMap<string, string>,
): readonly (StandIn | OwnImage)[] {
  const table = standInTable(standIns);
  if (!images) return table;
  return [...images].flatMap((production): StandIn | OwnImage | readonly [] => {
    const id = present.get(production.replace(/^docker\.io\/(library\/)?/, ''));
    return id === undefined ? (table.find((one) => one.production === production) ?? []) : { production, id };
  });
}

function prepared(services: readonly (StandIn | OwnImage)[]): PreparedImages {
  const { registry, objectStore, logReceiver, acme } = receivers;
  return {
    machineImage: imageTag(machine),
    receivers: {
      registry: imageTag(registry),
      objectStore: imageTag(objectStore),
      logReceiver: imageTag(logReceiver),
      acme: imageTag(acme),
    },
    registryData: registryData(),
    images: Object.fromEntries(services.map((source) => [source.production, localReference(source)])),
    withoutStandIn,
  };
}

function localReference(source: StandIn | OwnImage): string {
  const reference = storedReference(source);
  if (!reference) throw new Error(`the image ${source.production} has not been prepared: run \`npx berth local\``);
  return reference;
}

function shortName({ production }: StandIn | OwnImage): string {
  return `${production.slice(production.lastIndexOf('/') + 1)} image`;
}
