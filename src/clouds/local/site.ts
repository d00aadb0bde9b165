import type * as pulumi from '@pulumi/pulumi';
import { addressAt } from '../../model/address.ts';
import { shortHash } from '../../render/hash.ts';
import type { ProvisionRequest } from '../cloud.ts';
import type { LocalSettings } from './prepared.ts';
import { Network, type Place } from './resources.ts';

/** Where a system's containers stand: their network, their planned addresses, their names on this computer */
export interface Site {
  request: ProvisionRequest;
  settings: LocalSettings;
  network: Network;
  /** What every name of the system's containers and volumes begins with */
  prefix: string;
  place(name: string, offset: number, image: string, aliases?: string[]): PlaceInputs;
  options: pulumi.CustomResourceOptions;
}

type PlaceInputs = { [K in keyof Place]: pulumi.Input<Place[K]> } & { name: string };

/** @throws where the set-up has written nothing, which the config checks */
export function siteOf(request: ProvisionRequest): Site {
  const { blueprint, environment, parent } = request;
  const settings = environment.prepared?.local;
  if (!settings) throw new Error('the local cloud has not been prepared: run `npx berth local`, which also deploys');
  // Two checkouts of one project never meet
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
