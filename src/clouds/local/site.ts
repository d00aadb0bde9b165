import type * as pulumi from '@pulumi/pulumi';
import { addressAt } from '../../model/address.ts';
import { shortHash } from '../../render/hash.ts';
import type { ProvisionRequest } from '../cloud.ts';
import { Network, type Place } from './resources.ts';

/** Where a system's containers stand: their network, their planned addresses, their names on this computer */
export interface Site {
  network: Network;
  /** What every name of the system's containers and volumes begins with */
  prefix: string;
  place(name: string, offset: number, image: string, aliases?: string[]): PlaceInputs;
  options: pulumi.CustomResourceOptions;
}

type PlaceInputs = { [K in keyof Place]: pulumi.Input<Place[K]> } & { name: string };

export function siteOf({ blueprint, environment, parent }: ProvisionRequest): Site {
  // Two checkouts of one project never meet
  const checkout = shortHash(new URL('../../..', import.meta.url).pathname, 6);
  const prefix = `berth-${environment.name}-${checkout}-${blueprint.system}`;
  const options = { parent };
  const network = new Network(`${blueprint.system}-network`, { name: prefix }, options);
  return {
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
