import { FloatingIp } from '@pulumi/openstack/networking/floatingIp.js';
import { FloatingIpAssociate } from '@pulumi/openstack/networking/floatingIpAssociate.js';
import { Port } from '@pulumi/openstack/networking/port.js';
import * as pulumi from '@pulumi/pulumi';
import { addressAt, machineOffset } from '../../model/address.ts';
import type { Role } from '../../model/blueprint.ts';
import { failoverIndex } from '../../model/failover.ts';
import { hostName, machineName } from '../../model/names.ts';
import type { ProvisionRequest } from '../cloud.ts';
import { guarded, guardedAddress } from '../keep.ts';
import { type FailoverRole, type MadeFailover, type MadeMachine, plainFact } from '../makers.ts';
import type { MachineArgs } from './machine.ts';
import type { PrivateNetwork, PublicNetwork } from './network.ts';
import { publicNetwork } from './publicNetwork.ts';
import { reservedPort } from './reservedPort.ts';
import type { Shared } from './shared.ts';

/** Addresses of a machine, and the id of the port that carries them and its security group */
export interface Addresses {
  portId: pulumi.Output<string>;
  publicAddress: pulumi.Output<string>;
  privateAddress: pulumi.Output<string>;
}

export const addressesOf = (request: ProvisionRequest, args: MachineArgs): Addresses =>
  args.place.kind === 'private' ? planned(request, args, args.place) : assigned(request, args, args.place);

/** Returns the addresses on the provider's public network: the next free one, or the one that the role adopts */
function assigned(request: ProvisionRequest, args: MachineArgs, place: PublicNetwork): Addresses {
  const adopted = adoptedBy(args);
  if (adopted !== undefined) {
    const address = pulumi.output(adopted);
    return { portId: reservedPort(request, args, place, adopted), publicAddress: address, privateAddress: address };
  }
  const port = portOf(request, args);
  const address = port.allFixedIps.apply((addresses) => ipv4Of(addresses, machineName(args.machine)));
  return { portId: port.id, publicAddress: address, privateAddress: address };
}

/** Returns a planned private address on the system's own network, and a floating public one */
function planned(request: ProvisionRequest, args: MachineArgs, { subnetId, routed }: PrivateNetwork): Addresses {
  const { machine, scope } = args;
  const name = machineName(machine);
  const offset = machineOffset(args.role.slot, machine.index);
  const ipAddress = addressAt(request.environment.network, offset);
  const { id: portId } = portOf(request, args, [{ subnetId, ipAddress }]);
  const options = { ...scope.openstack, ...guardedAddress(request, args), dependsOn: [routed] };
  const adopted = adoptedBy(args);
  const publicAddress = adopted
    ? new FloatingIpAssociate(name, { floatingIp: adopted, portId }, options).floatingIp
    : new FloatingIp(name, { pool: publicNetwork, portId, tags: scope.tags(machine.role) }, options).address;
  return { portId, publicAddress, privateAddress: pulumi.output(ipAddress) };
}

function portOf(request: ProvisionRequest, args: MachineArgs, fixedIps: FixedIp[] = []): Port {
  const { machine, role, scope, place, group } = args;
  return new Port(
    machineName(machine),
    {
      name: hostName(request.environment.name, machine),
      networkId: place.networkId,
      securityGroupIds: [group.id],
      ...(fixedIps.length > 0 && { fixedIps }),
      // Neutron drops what a port sends from other addresses than its own
      ...(role.failover && { allowedAddressPairs: [{ ipAddress: commonAddress(request, role) }] }),
      tags: scope.tags(machine.role),
    },
    // Two ports cannot have the same address at the same time
    { ...scope.openstack, ...guardedAddress(request, args), deleteBeforeReplace: true },
  );
}

/** Returns the planned address that the machines of a role hold in turn */
const commonAddress = ({ environment }: ProvisionRequest, { slot }: Role): string =>
  addressAt(environment.network, machineOffset(slot, failoverIndex));

/**
 * Creates the address that the machines of a role hold in turn, on a port that belongs to none of them, and the floating
 * address that leads to it
 */
export function makeFailover(shared: Shared, { name, role }: FailoverRole<MadeMachine>): MadeFailover<MadeMachine> {
  const { request, place, groupOf, openstack, tags } = shared;
  if (place.kind !== 'private') throw new Error(`role ${name} has a common address on a network that is not ours`);
  const { system } = request.blueprint;
  const ipAddress = commonAddress(request, role);
  const logical = `${system}-${name}-address`;
  const options = { ...openstack, ...guarded(request), dependsOn: [place.routed] };
  const port = new Port(
    logical,
    {
      name: shared.name([name, 'address']),
      networkId: place.networkId,
      securityGroupIds: [groupOf(name).id],
      fixedIps: [{ subnetId: place.subnetId, ipAddress }],
      tags: tags(name),
    },
    { ...options, deleteBeforeReplace: true },
  );
  const floating = new FloatingIp(logical, { pool: publicNetwork, portId: port.id, tags: tags(name) }, options);
  return { facts: { publicAddress: plainFact(floating.address), privateAddress: plainFact(ipAddress) } };
}

type FixedIp = { subnetId: pulumi.Output<string>; ipAddress: string };

/** Returns the adopted address: only the first machine of a role can have it */
const adoptedBy = ({ machine, role }: MachineArgs): string | undefined =>
  role.address.kind === 'reserved' && machine.index === 0 ? role.address.adopt : undefined;

/** Returns the IPv4 address: the provider's network assigns an IPv6 address too, which the security group closes */
function ipv4Of(addresses: readonly string[], name: string): string {
  const found = addresses.find((address) => !address.includes(':'));
  if (found === undefined) throw new Error(`the port of ${name} has no IPv4 address, only ${addresses.join(', ')}`);
  return found;
}
