import { nginx, type Recipe } from './recipes.ts';

/** What runs on local machines where production runs an image of its own. */
export interface StandIn {
  /** The image's reference in production, without a digest. */
  production: string;
  /** Where a container registry answers, the production image itself is taken. */
  pulledWherePossible: boolean;
  /** How it is built elsewhere. It takes the same arguments, paths and user as the production image. */
  recipe: Recipe;
}

/** The one table of service images: production reference → what stands in for it. */
export const standIns: readonly StandIn[] = [
  {
    production: 'docker.elastic.co/beats/filebeat-oss:7.12.1',
    pulledWherePossible: true,
    recipe: {
      name: 'filebeat-oss',
      context: 'src/clouds/local/images/recipes/filebeat',
      program: { name: 'filebeat', package: 'github.com/elastic/beats/v7/filebeat' },
    },
  },
  // The real backend carries a neural network of several hundred megabytes; the stand-ins honour its contract.
  ...['3.3.0', '3.3.1'].flatMap((version) => [basegun('backend', version), basegun('frontend', version)]),
  {
    production: 'docker.io/library/traefik:v3.6.12',
    pulledWherePossible: true,
    recipe: {
      name: 'traefik',
      context: 'src/clouds/local/images/recipes/traefik',
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
    recipe: { name: 'mysql', context: 'src/clouds/local/images/recipes/mysql' },
  },
  ...['1.0.0', '1.0.1'].map(lostops),
  ofPrometheus('docker.io/prom/prometheus:v3.5.0', 'prometheus', 'prometheus'),
  ofPrometheus('docker.io/prom/alertmanager:v0.28.1', 'prometheus-alertmanager', 'alertmanager'),
  ofPrometheus('quay.io/prometheus/node-exporter:v1.9.1', 'prometheus-node-exporter', 'node_exporter'),
  ofPrometheus('docker.io/prom/mysqld-exporter:v0.17.2', 'prometheus-mysqld-exporter', 'mysqld_exporter'),
  {
    production: 'docker.io/library/redis:7.4.6',
    pulledWherePossible: true,
    recipe: { name: 'redis', context: 'src/clouds/local/images/recipes/redis' },
  },
  { production: 'docker.io/library/nginx:1.28.0', pulledWherePossible: true, recipe: nginx },
  // The real applications of Mad speak Socket.IO, and the page has its API's address compiled in.
  ...['v1.0.0', 'v1.0.1'].map((version) => mad('api', version, { buildArguments: { VERSION: version } })),
  mad('web', 'v1.0.0', { parent: nginx }),
  mad('client', 'v1.0.0'),
];

/** Production images that nothing stands in for, by repository, with the reason: services of theirs are left out here. */
export const withoutStandIn: Readonly<Record<string, string>> = {
  'docker.io/grafana/grafana':
    'neither Debian nor a package registry has it; its dashboards and provisioning are checked by schema instead',
};

function basegun(part: 'backend' | 'frontend', version: string): StandIn {
  return {
    production: `ghcr.io/datalab-mi/basegun/basegun-${part}:${version}`,
    pulledWherePossible: false,
    recipe: {
      name: `basegun-${part}`,
      context: `test/apps/basegun/${part}`,
      buildArguments: { VERSION: version },
    },
  };
}

function lostops(version: string): StandIn {
  return {
    production: `ghcr.io/lostops-stg5/lostops-app:${version}`,
    pulledWherePossible: false,
    recipe: { name: 'lostops-app', context: 'test/apps/lostops/app', buildArguments: { VERSION: version } },
  };
}

/** Debian's package takes the same arguments, though it may be of another version. */
function ofPrometheus(production: string, debian: string, program: string): StandIn {
  return {
    production,
    pulledWherePossible: true,
    recipe: {
      name: program.replace('_', '-'),
      context: 'src/clouds/local/images/recipes/prometheus',
      buildArguments: { PACKAGE: debian, PROGRAM: program },
    },
  };
}

function mad(part: 'api' | 'web' | 'client', version: string, own: Partial<Recipe> = {}): StandIn {
  return {
    production: `docker.io/amasselot/mad-${part}:${version}`,
    pulledWherePossible: false,
    recipe: { name: `mad-${part}`, context: `test/apps/mad/${part}`, ...own },
  };
}
