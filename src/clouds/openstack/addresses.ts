import { FloatingIp } from '@pulumi/openstack/networking/floatingIp.js';
import { FloatingIpAssociate } from '@pulumi/openstack/networking/floatingIpAssociate.js';
import { Port } from '@pulumi/openstack/networking/port.js';
import * as pulumi from '@pulumi/pulumi';
import { addressAt, machineOffset } from '../../model/address.ts';
import { hostName, machineName } from '../../model/names.ts';
import type { ProvisionRequest } from '../cloud.ts';
import { guarded } from '../keep.ts';
import type { MachineArgs } from './machine.ts';
import { type PrivatePlace, type PublicPlace, publicNetwork } from './network.ts';
import { reservedPort } from './reservedPort.ts';

/** The id of a machine's port, which has its address and its security group, and where it is found */
export interface Addresses {
  portId: pulumi.Output<string>;
  publicAddress: pulumi.Output<string>;
  privateAddress: pulumi.Output<string>;
}

export const addressesOf = (request: ProvisionRequest, args: MachineArgs): Addresses =>
  args.place.kind === 'private' ? planned(request, args, args.place) : assigned(request, args, args.place);

/** On the provider's own network: the next free address, or the one that it adopts */
function assigned(request: ProvisionRequest, args: MachineArgs, place: PublicPlace): Addresses {
  const adopted = adoptedBy(args);
  if (adopted !== undefined) {
    const address = pulumi.output(adopted);
    return { portId: reservedPort(request, args, place, adopted), publicAddress: address, privateAddress: address };
  }
  const port = portOf(request, args);
  const address = port.allFixedIps.apply((addresses) => ipv4Of(addresses, machineName(args.machine)));
  return { portId: port.id, publicAddress: address, privateAddress: address };
}

/** On a network of theirs: a planned address, and a floating one for the world */
function planned(request: ProvisionRequest, args: MachineArgs, { subnetId, routed }: PrivatePlace): Addresses {
  const { machine, site } = args;
  const name = machineName(machine);
  const offset = machineOffset(args.role.slot, machine.index);
  const ipAddress = addressAt(request.environment.network, offset);
  const { id: portId } = portOf(request, args, [{ subnetId, ipAddress }]);
  const options = { ...site.openstack, ...guarded(request), dependsOn: [routed] };
  const adopted = adoptedBy(args);
  const publicAddress = adopted
    ? new FloatingIpAssociate(name, { floatingIp: adopted, portId }, options).floatingIp
    : new FloatingIp(name, { pool: publicNetwork, portId, tags: site.tags(machine.role) }, options).address;
  return { portId, publicAddress, privateAddress: pulumi.output(ipAddress) };
}

function portOf(
  request: ProvisionRequest,
  { machine, site, place, group }: MachineArgs,
  fixedIps: FixedIp[] = [],
): Port {
  return new Port(
    machineName(machine),
    {
      name: hostName(request.environment.name, machine),
      networkId: place.networkId,
      securityGroupIds: [group.id],
      ...(fixedIps.length > 0 && { fixedIps }),
      tags: site.tags(machine.role),
    },
    // An address is one port's at a time
    { ...site.openstack, ...guarded(request), deleteBeforeReplace: true },
  );
}

type FixedIp = { subnetId: pulumi.Output<string>; ipAddress: string };

/** One address is one machine's: the first */
const adoptedBy = ({ machine, role }: MachineArgs): string | undefined =>
  role.address.kind === 'reserved' && machine.index === 0 ? role.address.adopt : undefined;

/** The provider's network gives an IPv6 address too, which is closed */
function ipv4Of(addresses: readonly string[], name: string): string {
  const found = addresses.find((address) => !address.includes(':'));
  if (found === undefined) throw new Error(`the port of ${name} has no IPv4 address, only ${addresses.join(', ')}`);
  return found;
}
