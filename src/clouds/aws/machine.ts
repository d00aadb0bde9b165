import { Volume } from '@pulumi/aws/ebs/volume.js';
import { Eip } from '@pulumi/aws/ec2/eip.js';
import { EipAssociation } from '@pulumi/aws/ec2/eipAssociation.js';
import { getAmiOutput } from '@pulumi/aws/ec2/getAmi.js';
import { getElasticIpOutput } from '@pulumi/aws/ec2/getElasticIp.js';
import { Instance } from '@pulumi/aws/ec2/instance.js';
import { KeyPair } from '@pulumi/aws/ec2/keyPair.js';
import { VolumeAttachment } from '@pulumi/aws/ec2/volumeAttachment.js';
import * as pulumi from '@pulumi/pulumi';
import { sshPort } from '../../model/access.ts';
import { type MachineName, machineName } from '../../model/names.ts';
import { loginUser } from '../../render/cloudInit.ts';
import { firstBoot } from '../boot.ts';
import { guardedAddress, guardedMachine, kept } from '../keep.ts';
import { type MadeMachine, plainFact, type Slot } from '../makers.ts';
import { groupOf } from './groups.ts';
import type { Network } from './network.ts';
import { privateAddress, zoneOf } from './plan.ts';
import type { Scope } from './scope.ts';
import type { Shared } from './shared.ts';

export interface AwsMachine extends MadeMachine {
  instance: Instance;
}

/** Debian's AWS account (wiki.debian.org/Cloud/AmazonEC2Image) */
const debian = '136693071363';

/** Returns the id of the newest Debian 13 image. Existing machines keep the image that they were created from. */
export const latestImage = ({ options }: Scope): pulumi.Output<string> =>
  getAmiOutput(
    {
      owners: [debian],
      mostRecent: true,
      filters: [
        { name: 'name', values: ['debian-13-amd64-*'] },
        { name: 'architecture', values: ['x86_64'] },
        { name: 'virtualization-type', values: ['hvm'] },
      ],
    },
    options,
  ).id;

const keyName = (scope: Scope): string => scope.named(255);

/** Registers the deploy key as an EC2 key pair */
export const makeKey = (scope: Scope): KeyPair =>
  new KeyPair(
    scope.system,
    { keyName: keyName(scope), publicKey: scope.request.deployKey, tags: scope.tags(scope.system) },
    { ...scope.options, deleteBeforeReplace: true },
  );

/** Creates a machine at its planned address, with its pinned host key and its disks */
export function makeMachine(scope: Shared, slot: Slot): AwsMachine {
  const { machine, role } = slot;
  const { network, groups, image, key } = scope;
  const name = machineName(machine);
  const { hostKey, userData } = firstBoot(scope.request, machine);
  const address = privateAddress(network.plan, role, machine);
  const tags = scope.tags(name, machine.role);
  const reserved = role.address.kind === 'reserved' || role.schedule !== undefined;
  const instance = new Instance(
    name,
    {
      ami: image,
      ...(role.size !== undefined && { instanceType: role.size }),
      subnetId: network.subnets[zoneOf(machine)].id,
      privateIp: address,
      vpcSecurityGroupIds: [groupOf(groups, machine.role).id],
      ...(!reserved && { associatePublicIpAddress: true }),
      // The name stays the same when the key changes, so a new key does not replace the machine
      keyName: keyName(scope),
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      rootBlockDevice: { volumeType: 'gp3', volumeSize: role.diskGb, encrypted: true, tags },
      userData,
      userDataReplaceOnChange: false,
      tags,
    },
    {
      ...scope.options,
      ...guardedMachine(scope.request, slot, 'aws:ec2/instance:Instance'),
      // A second machine cannot have the same address, disk and name at the same time
      deleteBeforeReplace: true,
      // AWS reports another associatePublicIpAddress for a stopped machine or a reserved address
      // (terraform-provider-aws#33775)
      ignoreChanges: ['ami', 'userData', 'associatePublicIpAddress'],
      dependsOn: [key, ...network.ready],
    },
  );
  const publicly = reserved ? reservedAddress(scope, network, slot, instance) : plainAddress(instance);
  return {
    instance,
    host: {
      name,
      role: machine.role,
      index: machine.index,
      address: publicly.dialled,
      port: sshPort,
      user: loginUser,
      hostKey,
      resource: instance,
      incarnation: instance.id,
    },
    facts: {
      publicAddress: plainFact(publicly.fact),
      privateAddress: plainFact(address),
      ...(role.volume && {
        volumeDevice: plainFact(dataDevice(scope, network, machine, role.volume.sizeGb, instance)),
      }),
    },
  };
}

interface PublicAddress {
  /** Known as soon as the address is allocated */
  fact: pulumi.Output<string>;
  /** Known once the machine is reachable at the address */
  dialled: pulumi.Output<string>;
}

const plainAddress = ({ publicIp }: Instance): PublicAddress => ({ fact: publicIp, dialled: publicIp });

/**
 * Returns an address that outlives its machine; the first machine of a role adopts the address that the role's options
 * name
 */
function reservedAddress(scope: Scope, network: Network, slot: Slot, instance: Instance): PublicAddress {
  const { machine } = slot;
  const { address } = slot.role;
  const name = machineName(machine);
  const adopted = address.kind === 'reserved' && machine.index === 0 ? address.adopt : undefined;
  const { id: allocationId, publicIp } =
    adopted === undefined
      ? new Eip(
          name,
          { domain: 'vpc', tags: scope.tags(name, machine.role) },
          { ...scope.options, ...guardedAddress(scope.request, slot), dependsOn: [...network.ready] },
        )
      : getElasticIpOutput({ publicIp: adopted }, scope.options);
  const association = new EipAssociation(
    name,
    { allocationId, instanceId: instance.id },
    { ...scope.options, deleteBeforeReplace: true },
  );
  return { fact: publicIp, dialled: pulumi.all([publicIp, association.id]).apply(([ip]) => ip) };
}

/** Creates the machine's data disk and returns the path of its device on the machine */
function dataDevice(
  scope: Scope,
  network: Network,
  machine: MachineName,
  sizeGb: number,
  instance: Instance,
): pulumi.Output<string> {
  const name = `${machineName(machine)}-data`;
  const volume = new Volume(
    name,
    {
      availabilityZone: network.subnets[zoneOf(machine)].availabilityZone,
      size: sizeGb,
      type: 'gp3',
      encrypted: true,
      tags: scope.tags(name, machine.role),
    },
    { ...scope.options, ...kept(scope.request) },
  );
  const attachment = new VolumeAttachment(
    name,
    { deviceName: '/dev/sdf', instanceId: instance.id, volumeId: volume.id, stopInstanceBeforeDetaching: true },
    { ...scope.options, deleteBeforeReplace: true },
  );
  return pulumi
    .all([volume.id, attachment.id])
    .apply(([id]) => `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${id.replace('-', '')}`);
}
