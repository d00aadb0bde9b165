import { addressAt } from '../../../model/address.ts';
import { interrupted } from '../../../process/interrupt.ts';
import { type Place, projectName } from '../../../pulumi/place.ts';
import type { CallContext } from '../../../pulumi/plugin.ts';
import { shortHash } from '../../../render/hash.ts';
import { type Owner, ownerOf } from '../provider/owner.ts';

/** Names and addresses of a cluster's containers, which derive from the project's folder and the stack */
export interface ClusterPlace {
  /** Prefix of all names, and name of the network */
  prefix: string;
  node: string;
  /** The second node, where there is one */
  worker: string;
  registry: string;
  acme: string;
  owner(what: string): Owner;
  /** What providers of local resources need to make a part of the cluster */
  context(what: string): CallContext;
}

export function clusterPlace(place: Place): ClusterPlace {
  const prefix = `berth-${place.stack}-${shortHash(place.project, 6)}`;
  const urn = (what: string) => `urn:pulumi:${place.stack}::${projectName(place.project)}::cluster::${what}`;
  return {
    prefix,
    node: `${prefix}-node`,
    worker: `${prefix}-worker`,
    registry: `${prefix}-registry`,
    acme: `${prefix}-acme`,
    context: (what) => ({
      ...{ urn: urn(what), name: what, preview: false, signal: interrupted },
      log: async () => undefined,
    }),
    owner: (what) => ownerOf(urn(what), place.project),
  };
}

/** Returns the addresses of a cluster's containers on its network */
export const clusterAddresses = (subnet: string) => ({
  registry: addressAt(subnet, 2),
  acme: addressAt(subnet, 3),
  /** Of what a cloud would bring beside the cluster, by its number */
  service: (number: number) => addressAt(subnet, 30 + number),
  node: addressAt(subnet, 60),
  /** Next to the first, which is how nodes find each other's pods */
  worker: addressAt(subnet, 61),
});
