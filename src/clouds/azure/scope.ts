import { getClientConfigOutput } from '@pulumi/azure-native/authorization/getClientConfig.js';
import { Provider } from '@pulumi/azure-native/provider.js';
import { ResourceGroup } from '@pulumi/azure-native/resources/resourceGroup.js';
import type * as pulumi from '@pulumi/pulumi';
import { limitedName } from '../../model/names.ts';
import { shortHash } from '../../render/hash.ts';
import type { ProvisionRequest } from '../cloud.ts';
import { kept } from '../keep.ts';
import { labels } from '../labels.ts';
import { type AzureSettings, settingsIn } from './settings.ts';

/** Resource group, provider, names and tags for the resources of one system on Azure */
export interface Scope {
  request: ProvisionRequest;
  settings: AzureSettings;
  /** Name of the resource group */
  group: pulumi.Input<string>;
  subscription: pulumi.Output<string>;
  /** Parent and provider for resources and for functions of the provider */
  options: { parent: pulumi.Resource; provider: Provider };
  /** Returns a name from the words, the system and the environment, unique in the resource group */
  name(...words: string[]): string;
  /** Returns a name with a hash of the subscription, for names that all subscriptions share */
  globalName(words: readonly string[], limits: Parameters<typeof limitedName>[1]): pulumi.Output<string>;
  tags(role?: string): Record<string, string>;
}

/** Creates the provider for the system's region, with the environment's credentials (ARM_*), and the resource group */
export function scopeOf(request: ProvisionRequest): Scope {
  const { blueprint, environment, entry, parent } = request;
  const { system } = blueprint;
  const location = entry.region === undefined ? {} : { location: entry.region };
  const provider = new Provider(`${system}-azure`, location, { parent });
  const options = { parent, provider };
  const settings = settingsIn(environment.clouds);
  const subscription = getClientConfigOutput(options).subscriptionId;
  const name = (...words: string[]): string => limitedName([system, ...words, environment.name], { length: 63 });
  const tags = (role?: string) => ({ ...labels(environment.name, system, role) });
  return {
    request,
    settings,
    group: settings.resourceGroup ?? ownGroup(request, name(), tags(), options),
    subscription,
    options,
    name,
    globalName: (words, limits) =>
      subscription.apply((id) => limitedName([system, ...words, environment.name, shortHash(id, 6)], limits)),
    tags,
  };
}

/**
 * Kept when it leaves the program: deleting a resource group deletes everything in it, retained disks and buckets too
 */
const ownGroup = (
  request: ProvisionRequest,
  resourceGroupName: string,
  tags: Record<string, string>,
  options: Scope['options'],
): pulumi.Output<string> =>
  new ResourceGroup(`${request.blueprint.system}-group`, { resourceGroupName, tags }, { ...options, ...kept(request) })
    .name;
