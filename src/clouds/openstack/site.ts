import { Provider as Ovh } from '@ovhcloud/pulumi-ovh/provider.js';
import { Provider as Openstack } from '@pulumi/openstack/provider.js';
import type * as pulumi from '@pulumi/pulumi';
import { limitedName } from '../../model/names.ts';
import type { ProvisionRequest } from '../cloud.ts';
import { labels } from '../labels.ts';
import type { OpenstackSettings } from './settings.ts';

/** What every resource of a system shares: its providers, its names, its labels */
export interface Site {
  region: string;
  settings: OpenstackSettings;
  /** Machines, networks and volumes */
  openstack: ResourceOptions;
  /** Object storage, log streams and DNS; only a system that has one of them needs OVH's credentials */
  ovh(): ResourceOptions;
  /** The system's name for something, unique in the project; without words, its own */
  name(words: readonly string[], length?: number): string;
  labels(role?: string): Record<string, string>;
  /** The same as the network's resources take them: texts of at most 255 characters without a comma */
  tags(role?: string): string[];
}

type ResourceOptions = { parent: pulumi.Resource; provider: pulumi.ProviderResource };

/** Within the limits of OpenStack's names, and of every name that people still read */
const nameLength = 63;

export function siteOf({ blueprint, environment, entry, parent }: ProvisionRequest): Site {
  const { system } = blueprint;
  const { region } = entry;
  const settings = environment.clouds.openstack;
  if (region === undefined || settings === undefined) {
    throw new Error(`system ${system} is on cloud openstack: it needs a region, and berth:clouds openstack a project`);
  }
  let ovh: Ovh | undefined;
  const marks = (role?: string) => ({ ...labels(environment.name, system, role) });
  return {
    region,
    settings,
    openstack: { parent, provider: new Openstack(`${system}-openstack`, { region }, { parent }) },
    ovh() {
      ovh ??= new Ovh(`${system}-ovh`, { endpoint: 'ovh-eu' }, { parent });
      return { parent, provider: ovh };
    },
    name: (words, length = nameLength) => limitedName([system, ...words, environment.name], { length }),
    labels: marks,
    tags: (role) => Object.entries(marks(role)).map(([key, value]) => `${key}=${value}`),
  };
}

/** Object storage lies in few regions, each for all the compute regions near it: `GRA` for `GRA7`, `RBX` for `RBX-A` */
export const storageRegion = (region: string): string => region.replace(/(?:-?\d+|-[A-Z])$/, '');
