import { getNetworkOutput } from '@pulumi/openstack/networking/getNetwork.js';
import { getSubnet } from '@pulumi/openstack/networking/getSubnet.js';
import { Network } from '@pulumi/openstack/networking/network.js';
import { Router } from '@pulumi/openstack/networking/router.js';
import { RouterInterface } from '@pulumi/openstack/networking/routerInterface.js';
import { Subnet } from '@pulumi/openstack/networking/subnet.js';
import type * as pulumi from '@pulumi/pulumi';
import { addressAt } from '../../model/address.ts';
import type { ProvisionRequest } from '../cloud.ts';
import { publicNetwork } from './publicNetwork.ts';
import type { Scope } from './scope.ts';

/** Network that machines are connected to */
export type MachineNetwork = PublicNetwork | PrivateNetwork;

/** The provider's public network */
export interface PublicNetwork {
  kind: 'public';
  networkId: pulumi.Output<string>;
  /** Returns the id of the subnet that contains an address */
  subnetOf(address: string): pulumi.Output<string>;
}

/** A private network of the system, behind a router */
export interface PrivateNetwork {
  kind: 'private';
  networkId: pulumi.Output<string>;
  subnetId: pulumi.Output<string>;
  /** Interface to the router; without it there is no traffic between machines and the internet */
  routed: pulumi.Resource;
}

/** Returns the network that the settings ask for; a private one is created */
export function placeOf(request: ProvisionRequest, scope: Scope): MachineNetwork {
  const outside = getNetworkOutput({ name: publicNetwork }, scope.openstack);
  if (scope.settings.network === 'private') return privatePlace(request, scope, outside.id);
  return {
    kind: 'public',
    networkId: outside.id,
    subnetOf: (address) =>
      outside.subnets.apply(async (ids) => {
        const subnets = await Promise.all(ids.map((subnetId) => getSubnet({ subnetId }, scope.openstack)));
        return subnetWith(address, subnets, scope.region).id;
      }),
  };
}

function privatePlace(
  { blueprint, environment }: ProvisionRequest,
  scope: Scope,
  outside: pulumi.Output<string>,
): PrivateNetwork {
  const { system } = blueprint;
  const common = { name: scope.name([]), tags: scope.tags() };
  const network = new Network(system, common, scope.openstack);
  const subnet = new Subnet(
    system,
    {
      ...common,
      networkId: network.id,
      cidr: environment.network,
      gatewayIp: addressAt(environment.network, 1),
      allocationPools: [unplanned(environment.network)],
      dnsNameservers: [resolver],
    },
    scope.openstack,
  );
  const router = new Router(system, { ...common, externalNetworkId: outside }, scope.openstack);
  const routed = new RouterInterface(system, { routerId: router.id, subnetId: subnet.id }, scope.openstack);
  return { kind: 'private', networkId: network.id, subnetId: subnet.id, routed };
}

/** OVH's resolver */
const resolver = '213.186.33.99';

/** Returns the DHCP pool: the end of the range, since planned addresses of machines start at its beginning */
export function unplanned(network: string): { start: string; end: string } {
  const size = 2 ** (32 - Number(network.split('/')[1]));
  return { start: addressAt(network, size - 32), end: addressAt(network, size - 2) };
}

/**
 * Returns the subnet that contains an address
 * @throws if there is none: the address belongs to another region or does not exist
 */
export function subnetWith<S extends { cidr: string }>(address: string, subnets: readonly S[], region: string): S {
  const found = subnets.find(({ cidr }) => holds(cidr, address));
  if (found) return found;
  throw new Error(
    `${address} can't be adopted: ${publicNetwork} of region ${region} has ` +
      `${subnets.map(({ cidr }) => cidr).join(', ') || 'no subnet visible to this project'}; ` +
      'give an address of this region, or none for a new one',
  );
}

function holds(cidr: string, address: string): boolean {
  const [network = '', length = ''] = cidr.split('/');
  if (network.includes(':')) return false;
  const block = (text: string) =>
    Math.floor(text.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0) / 2 ** (32 - Number(length)));
  return block(network) === block(address);
}
