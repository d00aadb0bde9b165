import type { Stage } from '../../../process/stage.ts';
import { baseTag } from '../images/base.ts';
import { builtImages } from '../images/build.ts';
import { imageTag } from '../images/keys.ts';
import { maker } from '../images/maker.ts';
import { receivers } from '../images/recipes.ts';
import { registryData, storedReference } from '../images/store.ts';
import type { StandIn } from '../images/table.ts';
import { clusterImages, nodeRecipe } from './recipes.ts';

type Log = (line: string) => void;

/** What a cluster on this computer consists of */
export interface ClusterImages {
  /** Images of docker, by container */
  node: string;
  registry: string;
  acme: string;
  /** Folder of this computer with the registry's data */
  registryData: string;
  /** References in that registry */
  dns: string;
  pause: string;
  traefik: string;
  kubectl: string;
  tools: string;
}

export interface ClusterPlan {
  /** One stage for each missing image, to be started together */
  stages: Stage<void>[];
  /** @throws until every stage has succeeded */
  prepared(): ClusterImages;
}

/** Finds the missing images of a cluster with one call to the docker engine and without network access */
export async function planCluster(): Promise<ClusterPlan> {
  const present = await builtImages();
  const make = maker(present);
  const recipes = [receivers.registry, receivers.acme, nodeRecipe];
  const stages = [
    ...recipes
      .filter((recipe) => !present.has(imageTag(recipe)))
      .map((recipe) => ({ name: `${recipe.name} image`, run: (log: Log) => make.image(recipe, log) })),
    ...Object.values(clusterImages)
      .filter((source) => storedReference(source) === undefined)
      .map((source) => ({ name: `${source.recipe.name} image`, run: (log: Log) => make.stored(source, log) })),
  ];
  const base = { name: 'debian image', run: make.base };
  return { stages: stages.length > 0 && !present.has(baseTag) ? [base, ...stages] : stages, prepared };
}

const prepared = (): ClusterImages => ({
  node: imageTag(nodeRecipe),
  registry: imageTag(receivers.registry),
  acme: imageTag(receivers.acme),
  registryData: registryData(),
  dns: stored(clusterImages.dns),
  pause: stored(clusterImages.pause),
  traefik: stored(clusterImages.traefik),
  kubectl: stored(clusterImages.kubectl),
  tools: stored(clusterImages.tools),
});

function stored(source: StandIn): string {
  const reference = storedReference(source);
  if (reference === undefined) {
    throw new Error(`the image ${source.production} has not been prepared: run \`npx berth local --kubernetes\``);
  }
  return reference;
}
