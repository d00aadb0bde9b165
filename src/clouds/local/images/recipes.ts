import { fileURLToPath } from 'node:url';

/** How an image is built: a folder with a Dockerfile, on a parent that the Dockerfile takes as its argument `BASE`. */
export interface Recipe {
  /** The image is `berth/<name>`. */
  name: string;
  /** The folder with the Dockerfile. */
  context: string;
  /** What it is built on: plain Debian 13, or another recipe's image. @default plain Debian 13 */
  parent?: Recipe;
  /** A Go program that is compiled first and stands in the context under its name; the context holds its go.mod and go.sum. */
  program?: GoProgram;
  /** A Maven artifact, `group:artifact:version:type`, that stands in the context as `<artifact>-<version>.<type>`. */
  artifact?: string;
  /** Further build arguments. */
  buildArguments?: Record<string, string>;
}

export interface GoProgram {
  name: string;
  package: string;
  /** What `-ldflags` gets beside `-s -w`. @default nothing */
  linkerFlags?: string;
}

/** The folder of a recipe of berth's own */
export const here = (name: string): string => fileURLToPath(new URL(`recipes/${name}`, import.meta.url));

/** Machines: as a cloud hands them over, and the same with the packages that a release installs. */
export const bareMachine: Recipe = { name: 'machine-bare', context: here('machine-bare') };
export const machine: Recipe = {
  name: 'machine',
  context: here('machine'),
  parent: bareMachine,
};

/** The web server by itself, and what pages of applications stand on. */
export const nginx: Recipe = { name: 'nginx', context: here('nginx') };

/** What the local cloud runs beside the machines, in place of a cloud's own services. */
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
