import { Provider as Ovh } from '@ovhcloud/pulumi-ovh/provider.js';
import { Provider as Openstack } from '@pulumi/openstack/provider.js';
import type * as pulumi from '@pulumi/pulumi';
import { limitedName } from '../../model/names.ts';
import type { ProvisionRequest } from '../cloud.ts';
import { labels } from '../labels.ts';
import type { OpenstackSettings } from './settings.ts';

/** Region, settings, providers, names and labels for the resources of one system */
export interface Scope {
  region: string;
  settings: OpenstackSettings;
  /** Provider of machines, networks and volumes */
  openstack: ResourceOptions;
  /**
   * Returns the provider of object storage, log streams and DNS. Created at the first call: only a system that has one
   * of them needs OVH's credentials.
   */
  ovh(): ResourceOptions;
  /** Returns a name from the system, the words and the environment, unique in the project */
  name(words: readonly string[], length?: number): string;
  labels(role?: string): Record<string, string>;
  /** The labels as `key=value` tags for network resources: at most 255 characters, without commas */
  tags(role?: string): string[];
}

type ResourceOptions = { parent: pulumi.Resource; provider: pulumi.ProviderResource };

/** Shorter than OpenStack's limit, so that names stay readable */
const nameLength = 63;

export function scopeOf({ blueprint, environment, entry, parent }: ProvisionRequest): Scope {
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

/**
 * Returns the object storage region of a compute region: several compute regions share one, such as `GRA` for `GRA7`
 * and `RBX` for `RBX-A`
 */
export const storageRegion = (region: string): string => region.replace(/(?:-?\d+|-[A-Z])$/, '');
