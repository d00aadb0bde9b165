import { addressAt } from '../../../model/address.ts';
import { type Place, projectName } from '../../../pulumi/place.ts';
import { shortHash } from '../../../render/hash.ts';
import { type Owner, ownerOf } from '../provider/owner.ts';

/** Names and addresses of a cluster's containers, which derive from the project's folder and the stack */
export interface ClusterPlace {
  /** Prefix of all names, and name of the network */
  prefix: string;
  node: string;
  registry: string;
  acme: string;
  owner(what: string): Owner;
  /** URN of a part of the cluster: what the labels of containers name */
  urn(what: string): string;
}

export function clusterPlace(place: Place): ClusterPlace {
  const prefix = `berth-${place.stack}-${shortHash(place.project, 6)}`;
  const urn = (what: string) => `urn:pulumi:${place.stack}::${projectName(place.project)}::cluster::${what}`;
  return {
    prefix,
    node: `${prefix}-node`,
    registry: `${prefix}-registry`,
    acme: `${prefix}-acme`,
    urn,
    owner: (what) => ownerOf(urn(what), place.project),
  };
}

/** Returns the addresses of a cluster's containers on its network */
export const clusterAddresses = (subnet: string) => ({
  registry: addressAt(subnet, 2),
  acme: addressAt(subnet, 3),
  node: addressAt(subnet, 20),
});
