import type { StandInImage } from '../../../model/system.ts';
import { here, nginx, type Recipe } from './recipes.ts';

/** What runs on local machines where production runs an image of its own. */
export interface StandIn {
  /** The image's reference in production, without a digest. */
  production: string;
  /** Where a container registry answers, the production image itself is taken. */
  pulledWherePossible: boolean;
  /** How it is built elsewhere. It takes the same arguments, paths and user as the production image. */
  recipe: Recipe;
}

/** An image that this computer's docker has under its name in production: a person has built it, or pulled it. */
export interface OwnImage {
  production: string;
  /** As docker knows its content: `sha256:…` */
  id: string;
}

/** What stands in for images of parts, which several systems run. */
const ofParts: readonly StandIn[] = [
  {
    production: 'docker.elastic.co/beats/filebeat-oss:7.12.1',
    pulledWherePossible: true,
    recipe: {
      name: 'filebeat-oss',
      context: here('filebeat'),
      program: { name: 'filebeat', package: 'github.com/elastic/beats/v7/filebeat' },
    },
  },
  {
    production: 'docker.io/library/traefik:v3.6.12',
    pulledWherePossible: true,
    recipe: {
      name: 'traefik',
      context: here('traefik'),
      program: {
        name: 'traefik',
        package: 'github.com/traefik/traefik/v3/cmd/traefik',
        linkerFlags: '-X github.com/traefik/traefik/v3/pkg/version.Version=3.6.12',
      },
    },
  },
  // Debian has no MySQL 8.0; the application speaks to either.
  {
    production: 'docker.io/library/mysql:8.0.43',
    pulledWherePossible: true,
    recipe: { name: 'mysql', context: here('mysql') },
  },
  ofPrometheus('docker.io/prom/prometheus:v3.5.0', 'prometheus', 'prometheus'),
  ofPrometheus('docker.io/prom/alertmanager:v0.28.1', 'prometheus-alertmanager', 'alertmanager'),
  ofPrometheus('quay.io/prometheus/node-exporter:v1.9.1', 'prometheus-node-exporter', 'node_exporter'),
  ofPrometheus('docker.io/prom/mysqld-exporter:v0.17.2', 'prometheus-mysqld-exporter', 'mysqld_exporter'),
  {
    production: 'docker.io/library/redis:7.4.6',
    pulledWherePossible: true,
    recipe: { name: 'redis', context: here('redis') },
  },
  { production: 'docker.io/library/nginx:1.28.0', pulledWherePossible: true, recipe: nginx },
];

/**
 * The one table of service images: those of parts, and those that systems bring.
 * @throws for a mistake in a system's code: an image that stands on one which is not in the table
 */
export function standInTable(ofSystems: readonly StandInImage[]): readonly StandIn[] {
  const recipeOf = (reference: string): Recipe => {
    const parent = ofParts.find(({ production }) => production === reference);
    if (!parent) throw new Error(`nothing stands in for ${reference}, on which an image of a system shall stand`);
    return parent.recipe;
  };
  const brought = ofSystems.map(
    ({ image, folder, arguments: buildArguments, on }): StandIn => ({
      production: image,
      pulledWherePossible: false,
      recipe: {
        name: nameOf(image),
        context: folder,
        ...(on !== undefined && { parent: recipeOf(on) }),
        ...(buildArguments && { buildArguments }),
      },
    }),
  );
  return [...ofParts, ...brought];
}

/** The last word of an image's path: `ghcr.io/datalab-mi/basegun/basegun-backend:3.3.0` is `basegun-backend` */
export const nameOf = (image: string): string => image.replace(/^.*\//, '').replace(/[:@].*$/, '');

/** Production images that nothing stands in for, by repository, with the reason: services of theirs are left out here. */
export const withoutStandIn: Readonly<Record<string, string>> = {
  'docker.io/grafana/grafana':
    'neither Debian nor a package registry has it; its dashboards and provisioning are checked by schema instead',
};

/** Debian's package takes the same arguments, though it may be of another version. */
function ofPrometheus(production: string, debian: string, program: string): StandIn {
  return {
    production,
    pulledWherePossible: true,
    recipe: {
      name: program.replace('_', '-'),
      context: here('prometheus'),
      buildArguments: { PACKAGE: debian, PROGRAM: program },
    },
  };
}
