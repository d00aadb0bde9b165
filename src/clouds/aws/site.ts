import { getCallerIdentityOutput } from '@pulumi/aws/getCallerIdentity.js';
import { Provider } from '@pulumi/aws/provider.js';
import type * as pulumi from '@pulumi/pulumi';
import { limitedName } from '../../model/names.ts';
import type { ProvisionRequest } from '../cloud.ts';
import { labels } from '../labels.ts';

/** Where everything of a system is made, and how it is called and marked there */
export interface Site {
  request: ProvisionRequest;
  system: string;
  region: string;
  /** Its number, from the credentials */
  account: pulumi.Output<string>;
  /** Children of the system, by its own provider: no other is ever used */
  options: { parent: pulumi.Resource; provider: Provider };
  /** A name that is unique in the account, within a limit of characters */
  named(length: number, ...words: readonly string[]): string;
  /** Marks beside those that everything has */
  tags(name: string, role?: string): Record<string, string>;
}

/** @throws when the entry has no region, which its check has let through */
export function siteOf(request: ProvisionRequest): Site {
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
    named: (length, ...words) => limitedName([system, ...words, environment.name], { length }),
    tags: (name, role) => ({ Name: `${name}-${environment.name}`, ...(role !== undefined && { role }) }),
  };
}
