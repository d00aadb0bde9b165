import { getCallerIdentityOutput } from '@pulumi/aws/getCallerIdentity.js';
import { Provider } from '@pulumi/aws/provider.js';
import type * as pulumi from '@pulumi/pulumi';
import type { ProvisionRequest } from '../cloud.ts';
import { labels } from '../labels.ts';
import { acceptedName } from './plan.ts';

/** Region, account, provider, names and tags for the resources of one system */
export interface Scope {
  request: ProvisionRequest;
  system: string;
  region: string;
  /** Account number, read with the credentials */
  account: pulumi.Output<string>;
  /** Resource options: children of the system, created by its own provider instead of the default one */
  options: { parent: pulumi.Resource; provider: Provider };
  /** Returns a name that is unique in the account, limited to a number of characters */
  named(length: number, ...words: readonly string[]): string;
  /** Returns the tags of a resource, besides the default tags that the provider sets */
  tags(name: string, role?: string): Record<string, string>;
}

/** @throws if the system's entry has no region: checks of the environment file report that earlier */
export function scopeOf(request: ProvisionRequest): Scope {
  const { blueprint, environment, entry, parent } = request;
  const { system } = blueprint;
  const { region } = entry;
  if (region === undefined) throw new Error(`system ${system} on aws has no region`);
  const provider = new Provider(
    `${system}-aws`,
    { region, defaultTags: { tags: { ...labels(environment.name, system) } } },
    { parent },
  );
  const options = { parent, provider };
  return {
    request,
    system,
    region,
    account: getCallerIdentityOutput({}, options).accountId,
    options,
    named: (length, ...words) => acceptedName([system, ...words, environment.name], length),
    tags: (name, role) => ({ Name: `${name}-${environment.name}`, ...(role !== undefined && { role }) }),
  };
}
