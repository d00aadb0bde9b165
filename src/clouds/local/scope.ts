import type * as pulumi from '@pulumi/pulumi';
import { addressAt } from '../../model/address.ts';
import { shortHash } from '../../render/hash.ts';
import type { ProvisionRequest } from '../cloud.ts';
import type { LocalSettings } from './prepared.ts';
import { type ContainerPlace, Network } from './resources.ts';

/** Network, planned addresses and names of a system's containers */
export interface Scope {
  request: ProvisionRequest;
  settings: LocalSettings;
  network: Network;
  /** Prefix of the names of the system's containers and volumes */
  prefix: string;
  place(name: string, offset: number, image: string, aliases?: string[]): PlaceInputs;
  options: pulumi.CustomResourceOptions;
}

type PlaceInputs = { [K in keyof ContainerPlace]: pulumi.Input<ContainerPlace[K]> } & { name: string };

/** @throws if the set-up has not run: checks of the environment file report that earlier */
export function scopeOf(request: ProvisionRequest): Scope {
  const { blueprint, environment, parent } = request;
  const settings = environment.prepared?.local;
  if (!settings) throw new Error('the local cloud has not been prepared: run `npx berth local`, which also deploys');
  // Keeps the names of two checkouts of one project apart
  const checkout = shortHash(new URL('../../..', import.meta.url).pathname, 6);
  const prefix = `berth-${environment.name}-${checkout}-${blueprint.system}`;
  const options = { parent };
  const network = new Network(`${blueprint.system}-network`, { name: prefix }, options);
  return {
    request,
    settings,
    network,
    prefix,
    options,
    place: (name, offset, image, aliases = []) => ({
      name: `${prefix}-${name}`,
      network: network.name,
      address: network.subnet.apply((subnet) => addressAt(subnet, offset)),
      aliases,
      image,
    }),
  };
}
