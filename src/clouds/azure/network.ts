import { ApplicationSecurityGroup } from '@pulumi/azure-native/network/applicationSecurityGroup.js';
import { NetworkSecurityGroup } from '@pulumi/azure-native/network/networkSecurityGroup.js';
import { Subnet } from '@pulumi/azure-native/network/subnet.js';
import { VirtualNetwork } from '@pulumi/azure-native/network/virtualNetwork.js';
import type * as pulumi from '@pulumi/pulumi';
import { securityRules } from './rules.ts';
import type { Scope } from './scope.ts';

/** Network of a system's machines */
export interface Network {
  subnet: pulumi.Output<string>;
  /** Ids of the application security groups by role; rules refer to machines by them */
  groups: Readonly<Record<string, pulumi.Output<string>>>;
}

/**
 * Creates the network with one subnet over the environment's range. Its security group lets in only what the rules
 * name.
 */
export function makeNetwork({ request, group, options, name, tags }: Scope): Network {
  const { blueprint, environment } = request;
  const { system } = blueprint;
  const groups = Object.fromEntries(
    Object.keys(blueprint.roles).map((role) => [
      role,
      new ApplicationSecurityGroup(
        `${system}-${role}`,
        { applicationSecurityGroupName: name(role), resourceGroupName: group, tags: tags(role) },
        options,
      ).id,
    ]),
  );
  const firewall = new NetworkSecurityGroup(
    `${system}-firewall`,
    {
      networkSecurityGroupName: name('firewall'),
      resourceGroupName: group,
      // Inline, because separate rule resources and inline rules remove each other at every update
      // (pulumi-azure-native#1087)
      securityRules: securityRules(blueprint.rules, environment.operators.networks, groups),
      tags: tags(),
    },
    options,
  );
  const network = new VirtualNetwork(
    `${system}-network`,
    {
      virtualNetworkName: name('network'),
      resourceGroupName: group,
      addressSpace: { addressPrefixes: [environment.network] },
      tags: tags(),
    },
    // An imported network keeps its name
    { ...options, ignoreChanges: ['virtualNetworkName'] },
  );
  const subnet = new Subnet(
    `${system}-subnet`,
    {
      subnetName: name('subnet'),
      virtualNetworkName: network.name,
      resourceGroupName: group,
      addressPrefix: environment.network,
      networkSecurityGroup: { id: firewall.id },
      // Storage accounts accept connections from this subnet only
      serviceEndpoints: [{ service: 'Microsoft.Storage' }],
    },
    options,
  );
  return { subnet: subnet.id, groups };
}
