import type { Recipe } from './recipes.ts';

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
      context: 'tools/images/filebeat',
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
      context: 'tools/images/traefik',
      program: {
        name: 'traefik',
        package: 'github.com/traefik/traefik/v3/cmd/traefik',
        linkerFlags: '-X github.com/traefik/traefik/v3/pkg/version.Version=3.6.12',
      },
    },
  },
];

/** Production images that nothing stands in for, with the reason. */
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
