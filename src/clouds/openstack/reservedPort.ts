import { getPortIdsOutput } from '@pulumi/openstack/networking/getPortIds.js';
import { Port } from '@pulumi/openstack/networking/port.js';
import { PortSecGroupAssociate } from '@pulumi/openstack/networking/portSecGroupAssociate.js';
import * as pulumi from '@pulumi/pulumi';
import { hostName, machineName } from '../../model/names.ts';
import type { ProvisionRequest } from '../cloud.ts';
import { guarded } from '../keep.ts';
import type { MachineArgs } from './machine.ts';
import type { PublicNetwork } from './network.ts';
import { publicNetwork } from './publicNetwork.ts';

/**
 * Returns the id of the port that has a reserved address of the provider's network. An existing port of the project is
 * used unchanged, except for its security groups, and is kept when the machine or the stack is deleted. If there is
 * none, a port with that address is created and kept as well; a cloud may reserve that right to administrators.
 */
export function reservedPort(
  request: ProvisionRequest,
  args: MachineArgs,
  { networkId, subnetOf }: PublicNetwork,
  address: string,
): pulumi.Output<string> {
  const { machine, scope, group } = args;
  const name = machineName(machine);
  const ports = (tags: string[]) => getPortIdsOutput({ networkId, fixedIp: address, tags }, scope.openstack).ids;
  const tags = scope.tags(machine.role);
  const madeBefore = request.standing.has(`openstack:networking/port:Port::${name}`);
  const portId = pulumi.all([ports([]), ports(tags)]).apply(([all, own]) => {
    const found = all.find((id) => !(madeBefore && own.includes(id)));
    if (found !== undefined) return pulumi.output(found);
    if (all.length === 0) void pulumi.log.warn(byAddress(address), request.parent);
    const fixedIps = [{ subnetId: subnetOf(address), ipAddress: address }];
    return new Port(
      name,
      { name: hostName(request.environment.name, machine), networkId, fixedIps, tags },
      { ...scope.openstack, ...guarded(request), retainOnDelete: true, deleteBeforeReplace: true },
    ).id;
  });
  // Associated separately instead of set on the port, so that the groups can be deleted while the port stays
  new PortSecGroupAssociate(
    name,
    { portId, securityGroupIds: [group.id], enforce: true },
    { ...scope.openstack, deleteBeforeReplace: true },
  );
  return portId;
}

const byAddress = (address: string): string =>
  `no port of this project has the address ${address}: a port is given this address. If the cloud refuses that (403 ` +
  'PolicyNotAuthorized, fixed_ips:ip_address), reserve an address with your own port, ' +
  `\`openstack port create --network ${publicNetwork} <name>\`, and name its address instead`;
