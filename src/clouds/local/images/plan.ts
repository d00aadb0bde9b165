import type { StandInImage, StandInRepository } from '../../../model/system.ts';
import type { Stage } from '../../../process/stage.ts';
import { baseTag } from './base.ts';
import { builtImages, dockerName } from './build.ts';
import { imageTag } from './keys.ts';
import { maker } from './maker.ts';
import { bareMachine, machineRecipe, receivers, repositoryRecipe } from './recipes.ts';
import { registryData, storedReference } from './store.ts';
import { type OwnImage, type StandIn, standInTable, withoutStandIn } from './table.ts';

type Log = (line: string) => void;

/** Names and places of the images that were prepared for a local stack */
export interface PreparedImages {
  machineImage: string;
  /** Image for the cloud firewall, where the machine image lacks nftables. @default machineImage */
  firewallImage?: string;
  receivers: { registry: string; objectStore: string; logReceiver: string; acme: string };
  /** Folder of this computer with the registry's data */
  registryData: string;
  /** Production reference → reference with a digest that machines pull */
  images: Record<string, string>;
  /** URLs of git repositories → images that serve them. @default none */
  repositories?: Record<string, string>;
  /** Repositories of images that have no stand-in → reason; a local stack leaves out their services */
  withoutStandIn?: Readonly<Record<string, string>>;
}

export interface ImagePlan {
  /** One stage for each missing image, to be started together: a stage waits for the images that it depends on */
  stages: Stage<void>[];
  /**
   * Returns the prepared images
   * @throws until every stage has succeeded
   */
  prepared(): PreparedImages;
}

/** Service images to prepare */
export interface WantedImages {
  /** Production references. @default every image that has a stand-in */
  images?: ReadonlySet<string>;
  /** Stand-ins that systems bring */
  standIns: readonly StandInImage[];
  /** Git repositories to prepare. @default none */
  repositories?: readonly StandInRepository[];
}

/** Finds the missing images with one call to the docker engine and without network access */
export async function planImages(wanted: WantedImages): Promise<ImagePlan> {
  const present = await builtImages();
  const make = maker(present);
  const { repositories = [] } = wanted;
  const recipes = [bareMachine, machineRecipe, ...Object.values(receivers), ...repositories.map(repositoryRecipe)];
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
    prepared: () => prepared(services, repositories),
  };
}

/**
 * Returns the source of each wanted image: an image that docker has under its production name takes precedence over the
 * stand-in
 */
function sourcesOf(
  { images, standIns }: WantedImages,
  present: ReadonlyMap<string, string>,
): readonly (StandIn | OwnImage)[] {
  const table = standInTable(standIns);
  if (!images) return table;
  return [...images].flatMap((production): StandIn | OwnImage | readonly [] => {
    const id = present.get(dockerName(production));
    return id === undefined ? (table.find((one) => one.production === production) ?? []) : { production, id };
  });
}

function prepared(
  services: readonly (StandIn | OwnImage)[],
  repositories: readonly StandInRepository[],
): PreparedImages {
  const serving = repositories.map((one) => [one.repository, imageTag(repositoryRecipe(one))]);
  const { registry, objectStore, logReceiver, acme } = receivers;
  return {
    machineImage: imageTag(machineRecipe),
    receivers: {
      registry: imageTag(registry),
      objectStore: imageTag(objectStore),
      logReceiver: imageTag(logReceiver),
      acme: imageTag(acme),
    },
    registryData: registryData(),
    images: Object.fromEntries(services.map((source) => [source.production, localReference(source)])),
    ...(serving.length > 0 && { repositories: Object.fromEntries(serving) }),
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
