import { Volume } from '@pulumi/openstack/blockstorage/volume.js';
import { Instance } from '@pulumi/openstack/compute/instance.js';
import { VolumeAttach } from '@pulumi/openstack/compute/volumeAttach.js';
import type { SecGroup } from '@pulumi/openstack/networking/secGroup.js';
import * as pulumi from '@pulumi/pulumi';
import { sshPort } from '../../model/access.ts';
import type { Role } from '../../model/blueprint.ts';
import { hostName, type MachineName, machineName } from '../../model/names.ts';
import { loginUser } from '../../render/cloudInit.ts';
import { firstBoot } from '../boot.ts';
import type { ProvisionRequest } from '../cloud.ts';
import { guardedMachine, kept } from '../keep.ts';
import { type MadeMachine, plainFact, type Slot } from '../makers.ts';
import { addressesOf } from './addresses.ts';
import type { MachineNetwork } from './network.ts';
import type { Scope } from './scope.ts';
import type { Shared } from './shared.ts';

export interface MachineArgs {
  machine: MachineName;
  role: Role;
  scope: Scope;
  place: MachineNetwork;
  group: SecGroup;
}

/** Creates a machine on a separate port, so that its address outlives it, as does its data disk */
export function makeMachine(shared: Shared, slot: Slot): MadeMachine {
  const { request, place } = shared;
  const group = shared.groupOf(slot.machine.role);
  const args = { ...slot, scope: shared, place, group };
  const { machine, scope } = args;
  const { index } = machine;
  const name = machineName(machine);
  const { portId, publicAddress, privateAddress } = addressesOf(request, args);
  const { hostKey, userData } = firstBoot(request, machine);
  const server = new Instance(
    name,
    {
      name: hostName(request.environment.name, machine),
      imageId: shared.image,
      flavorName: shared.flavorOf(machine.role),
      keyPair: shared.keypair.name,
      userData,
      networks: [{ port: portId }],
      metadata: scope.labels(machine.role),
      stopBeforeDestroy: true,
    },
    {
      ...scope.openstack,
      ...guardedMachine(request, slot, 'openstack:compute/instance:Instance'),
      // Another image would rebuild the machine in place, and a new deploy key would replace it
      ignoreChanges: ['imageId', 'userData', 'keyPair'],
      // Two machines cannot use the same port at the same time
      deleteBeforeReplace: true,
      ...(place.kind === 'private' && { dependsOn: [place.routed] }),
    },
  );
  return {
    host: {
      name,
      role: machine.role,
      index,
      address: publicAddress,
      port: sshPort,
      user: loginUser,
      hostKey,
      resource: server,
      incarnation: server.id,
    },
    facts: {
      publicAddress: plainFact(publicAddress),
      privateAddress: plainFact(privateAddress),
      ...(args.role.volume && { volumeDevice: plainFact(disk(request, args, args.role.volume.sizeGb, server)) }),
    },
  };
}

/** Creates a data disk that outlives its machine; returns its possible device paths once it is attached */
function disk(request: ProvisionRequest, { machine, scope }: MachineArgs, size: number, server: Instance) {
  const name = machineName(machine);
  const volume = new Volume(
    name,
    {
      name: hostName(request.environment.name, machine),
      size,
      enableOnlineResize: true,
      metadata: scope.labels(machine.role),
    },
    { ...scope.openstack, ...kept(request) },
  );
  const attached = new VolumeAttach(
    name,
    { instanceId: server.id, volumeId: volume.id },
    // Never detached from a running machine, which would lose unwritten data: deleting the machine stops it first
    { ...scope.openstack, deletedWith: server, deleteBeforeReplace: true },
  );
  return pulumi.all([volume.id, attached.id]).apply(([id]) => volumeDevice(id));
}

/**
 * Characters of a volume's id in its serial number on some hypervisors; others use the whole id
 * (kubernetes/kubernetes#33128)
 */
const serialLength = 20;

/**
 * Returns the possible device paths of a volume, separated by spaces: virtio-blk or virtio-scsi, depending on the
 * image's properties
 */
export const volumeDevice = (volumeId: string): string =>
  ['virtio-', 'scsi-0QEMU_QEMU_HARDDISK_']
    .flatMap((bus) => [volumeId.slice(0, serialLength), volumeId].map((serial) => `/dev/disk/by-id/${bus}${serial}`))
    .join(' ');
