import { fileURLToPath } from 'node:url';
import type { StandInRepository } from '../../../model/system.ts';

/** Build instructions of an image: a folder with a Dockerfile, which takes its parent image as the argument `BASE` */
export interface Recipe {
  /** Name of the image, which is `berth/<name>` */
  name: string;
  /** Folder with the Dockerfile; npm packages that a package-lock.json in it pins are put beside it as `node_modules` */
  context: string;
  /** Recipe of the parent image. @default plain Debian 13 */
  parent?: Recipe;
  /**
   * Go program that is compiled first and copied into the build context under its name; the folder holds its go.mod,
   * go.sum, and its source where the program is not a module's own
   */
  program?: GoProgram;
  /** Maven artifact, `group:artifact:version:type`, copied into the build context as `<artifact>-<version>.<type>` */
  artifact?: string;
  /** Further folder, copied into the build context as `source` */
  source?: string;
  /** Further build arguments */
  buildArguments?: Record<string, string>;
}

export interface GoProgram {
  name: string;
  package: string;
  /** Linker flags in addition to `-s -w`. @default none */
  linkerFlags?: string;
  /** Files of a module that the folder's own source embeds: they are put beside it. @default none */
  embeds?: { module: string; files: readonly string[] };
  /** Folders of modules that are left out of the program, each with a file of the recipe in its place. @default none */
  instead?: readonly { module: string; folder: string; file: string }[];
}

/** Returns the folder of one of berth's own recipes */
export const here = (name: string): string => fileURLToPath(new URL(`recipes/${name}`, import.meta.url));

/** Machine as a cloud provides it; `machine` adds the packages that a release installs */
export const bareMachine: Recipe = { name: 'machine-bare', context: here('machine-bare') };
export const machineRecipe: Recipe = {
  name: 'machine',
  context: here('machine'),
  parent: bareMachine,
};

/** Web server, also the base of applications' page images */
export const nginx: Recipe = { name: 'nginx', context: here('nginx') };

/** Containers that replace a cloud's own services */
export const receivers = {
  registry: { name: 'registry', context: here('registry') },
  objectStore: {
    name: 'object-store',
    context: here('object-store'),
    program: { name: 'versitygw', package: 'github.com/versity/versitygw/cmd/versitygw' },
  },
  logReceiver: {
    name: 'log-receiver',
    context: here('log-receiver'),
    artifact: 'org.opensearch.distribution.integ-test-zip:opensearch:2.19.1:zip',
  },
  acme: { name: 'acme', context: here('acme') },
} as const satisfies Record<string, Recipe>;

/** Returns the image that serves a git repository */
export const repositoryRecipe = ({ repository, folder, tag }: StandInRepository): Recipe => {
  const path = new URL(repository).pathname.slice(1);
  return {
    name: `${path
      .replace(/.*\//, '')
      .replace(/\.git$/, '')
      .toLowerCase()}-repository`,
    context: here('git-repository'),
    source: folder,
    buildArguments: { PATH_OF_URL: path, TAG: tag },
  };
};
