import { Volume } from '@pulumi/openstack/blockstorage/volume.js';
import { Instance } from '@pulumi/openstack/compute/instance.js';
import type { Keypair } from '@pulumi/openstack/compute/keypair.js';
import { VolumeAttach } from '@pulumi/openstack/compute/volumeAttach.js';
import type { SecGroup } from '@pulumi/openstack/networking/secGroup.js';
import * as pulumi from '@pulumi/pulumi';
import { sshPort } from '../../model/access.ts';
import type { Role } from '../../model/blueprint.ts';
import { hostName, type MachineName, machineFact, machineName } from '../../model/names.ts';
import { loginUser } from '../../render/cloudInit.ts';
import { firstBoot } from '../boot.ts';
import type { Host, Provisioned, ProvisionRequest } from '../cloud.ts';
import { guardedMachine, kept } from '../keep.ts';
import { addressesOf } from './addresses.ts';
import type { Place } from './network.ts';
import type { Site } from './site.ts';

export interface MachineArgs {
  machine: MachineName;
  role: Role;
  site: Site;
  place: Place;
  group: SecGroup;
  keypair: Keypair;
  /** By name: another one is changed to in place */
  flavor: pulumi.Output<string>;
  /** By id: a newer image of the same name is for new machines only */
  image: pulumi.Output<string>;
}

/** One machine on a port of its own, so that its address outlives it, and with its disk, which does too */
export function makeMachine(request: ProvisionRequest, args: MachineArgs): { host: Host; facts: Provisioned['facts'] } {
  const { machine, site, place } = args;
  const { index } = machine;
  const name = machineName(machine);
  const { portId, publicAddress, privateAddress } = addressesOf(request, args);
  const { hostKey, userData } = firstBoot(request, machine);
  const server = new Instance(
    name,
    {
      name: hostName(request.environment.name, machine),
      imageId: args.image,
      flavorName: args.flavor,
      keyPair: args.keypair.name,
      userData,
      networks: [{ port: portId }],
      metadata: site.labels(machine.role),
      stopBeforeDestroy: true,
    },
    {
      ...site.openstack,
      ...guardedMachine(request, 'openstack:compute/instance:Instance', name),
      // What it was made with stays: another image would rebuild it in place, a new deploy key replace it
      ignoreChanges: ['imageId', 'userData', 'keyPair'],
      // The port is one machine's at a time
      deleteBeforeReplace: true,
      ...(place.kind === 'private' && { dependsOn: [place.routed] }),
    },
  );
  const fact = (kind: Parameters<typeof machineFact>[2]) => machineFact(machine.role, index, kind);
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
      [fact('publicAddress')]: publicAddress,
      [fact('privateAddress')]: privateAddress,
      ...(args.role.volume && { [fact('volumeDevice')]: disk(request, args, args.role.volume.sizeGb, server) }),
    },
  };
}

/** What its services keep, on a disk that outlives it; gives where the machine sees it, once it does */
function disk(request: ProvisionRequest, { machine, site }: MachineArgs, size: number, server: Instance) {
  const name = machineName(machine);
  const volume = new Volume(
    name,
    {
      name: hostName(request.environment.name, machine),
      size,
      enableOnlineResize: true,
      metadata: site.labels(machine.role),
    },
    { ...site.openstack, ...kept(request) },
  );
  const attached = new VolumeAttach(
    name,
    { instanceId: server.id, volumeId: volume.id },
    // A machine that goes is stopped first, which writes out what its disk must have; a running one would lose it
    { ...site.openstack, deletedWith: server, deleteBeforeReplace: true },
  );
  return pulumi.all([volume.id, attached.id]).apply(([id]) => volumeDevice(id));
}

/** A serial number holds this much of the volume's id on some hypervisors (kubernetes/kubernetes#33128), all of it on others */
const serialLength = 20;

/** The names under which a machine may see a volume: by virtio-blk, or by virtio-scsi, as the image's properties say */
export const volumeDevice = (volumeId: string): string =>
  ['virtio-', 'scsi-0QEMU_QEMU_HARDDISK_']
    .flatMap((bus) => [volumeId.slice(0, serialLength), volumeId].map((serial) => `/dev/disk/by-id/${bus}${serial}`))
    .join(' ');
