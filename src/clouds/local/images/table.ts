import type { StandInImage } from '../../../model/system.ts';
import { here, nginx, type Recipe } from './recipes.ts';

/** Image that local machines run instead of a production image */
export interface StandIn {
  /** Reference of the production image, without a digest */
  production: string;
  /** Whether to use the production image itself if its registry answers */
  pulledWherePossible: boolean;
  /** Builds the image otherwise; it takes the same arguments, paths and user as the production image */
  recipe: Recipe;
}

/** Image that this computer's docker has under its production name, built or pulled by the user */
export interface OwnImage {
  production: string;
  /** Image id of docker: `sha256:…` */
  id: string;
}

/** Stand-ins for images of parts, which several systems share */
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
        // Clients of 180 DNS services and of Amazon's machines: half of what would be compiled
        instead: [
          { module: 'github.com/go-acme/lego/v4', folder: 'providers/dns', file: 'dns.go' },
          { module: 'github.com/traefik/traefik/v3', folder: 'pkg/provider/ecs', file: 'ecs.go' },
        ],
      },
    },
  },
  // Debian has no MySQL 8.0; its MariaDB serves the application as well
  {
    production: 'docker.io/library/mysql:8.0.43',
    pulledWherePossible: true,
    recipe: { name: 'mysql', context: here('mysql') },
  },
  {
    production: 'docker.io/library/postgres:17.6',
    pulledWherePossible: true,
    recipe: { name: 'postgres', context: here('postgres') },
  },
  {
    production: 'docker.io/restic/restic:0.18.0',
    pulledWherePossible: true,
    recipe: { name: 'restic', context: here('restic') },
  },
  ofPrometheus('docker.io/prom/prometheus:v3.5.0', 'prometheus', 'prometheus'),
  ofPrometheus('docker.io/prom/alertmanager:v0.28.1', 'prometheus-alertmanager', 'alertmanager'),
  ofPrometheus('docker.io/prom/blackbox-exporter:v0.26.0', 'prometheus-blackbox-exporter', 'blackbox_exporter'),
  ofPrometheus('quay.io/prometheus/node-exporter:v1.9.1', 'prometheus-node-exporter', 'node_exporter'),
  ofPrometheus('docker.io/prom/mysqld-exporter:v0.17.2', 'prometheus-mysqld-exporter', 'mysqld_exporter'),
  ofPrometheus('docker.io/oliver006/redis_exporter:v1.74.0-alpine', 'prometheus-redis-exporter', 'redis_exporter'),
  ofPrometheus(
    'quay.io/prometheuscommunity/postgres-exporter:v0.17.1',
    'prometheus-postgres-exporter',
    'postgres_exporter',
  ),
  {
    production: 'docker.io/library/redis:7.4.6',
    pulledWherePossible: true,
    recipe: { name: 'redis', context: here('redis') },
  },
  { production: 'docker.io/library/nginx:1.28.0', pulledWherePossible: true, recipe: nginx },
];

/**
 * Returns the stand-ins of parts and of systems in one table
 * @throws if a system's image is based on an image that has no stand-in: a defect of the system
 */
export function standInTable(ofSystems: readonly StandInImage[]): readonly StandIn[] {
  const recipeOf = (reference: string): Recipe => {
    const parent = ofParts.find(({ production }) => production === reference);
    if (!parent) throw new Error(`there is no stand-in for ${reference}, which is the base of a system's image`);
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

/**
 * Returns the name of an image without path, tag and digest: `ghcr.io/datalab-mi/basegun/basegun-backend:3.3.0` is
 * `basegun-backend`
 */
export const nameOf = (image: string): string => image.replace(/^.*\//, '').replace(/[:@].*$/, '');

/** Production images without a stand-in, by repository, with the reason; local machines leave out their services */
export const withoutStandIn: Readonly<Record<string, string>> = {
  'docker.io/grafana/grafana':
    'it is in neither Debian nor a package registry; its dashboards and provisioning are checked by schema instead',
};

/**
 * Returns the stand-in for an image of Prometheus: Debian's package takes the same arguments, but may have another
 * version
 */
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
