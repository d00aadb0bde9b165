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
import type { Role } from '../../model/blueprint.ts';
import { type MachineName, machineName } from '../../model/names.ts';
import { loginUser } from '../../render/cloudInit.ts';
import { firstBoot } from '../boot.ts';
import { guarded, guardedMachine, kept } from '../keep.ts';
import { type MadeMachine, plain, type Slot } from '../makers.ts';
import { groupOf } from './groups.ts';
import type { Network } from './network.ts';
import { privateAddress, zoneOf } from './plan.ts';
import type { Shared } from './shared.ts';
import type { Site } from './site.ts';

export interface AwsMachine extends MadeMachine {
  instance: Instance;
}

/** Debian's own account at AWS (wiki.debian.org/Cloud/AmazonEC2Image) */
const debian = '136693071363';

/** The image of today: machines that stand keep theirs */
export const latestImage = ({ options }: Site): pulumi.Output<string> =>
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

const keyName = (site: Site): string => site.named(255);

/** The deploy key as AWS keeps it */
export const makeKey = (site: Site): KeyPair =>
  new KeyPair(
    site.system,
    { keyName: keyName(site), publicKey: site.request.deployKey, tags: site.tags(site.system) },
    { ...site.options, deleteBeforeReplace: true },
  );

/** One machine at its planned address, with its pinned host key and its disks */
export function makeMachine(site: Shared, { machine, role }: Slot): AwsMachine {
  const { network, groups, image, key } = site;
  const name = machineName(machine);
  const { hostKey, userData } = firstBoot(site.request, machine);
  const address = privateAddress(network.plan, role, machine);
  const tags = site.tags(name, machine.role);
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
      // By its name, which a changed key keeps
      keyName: keyName(site),
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      rootBlockDevice: { volumeType: 'gp3', volumeSize: role.diskGb, encrypted: true, tags },
      userData,
      userDataReplaceOnChange: false,
      tags,
    },
    {
      ...site.options,
      ...guardedMachine(site.request, 'aws:ec2/instance:Instance', name),
      // Another one can't have its address, its disk and its name beside it
      deleteBeforeReplace: true,
      // The third is read anew from a machine that is stopped or has a reserved address (terraform-provider-aws#33775)
      ignoreChanges: ['ami', 'userData', 'associatePublicIpAddress'],
      dependsOn: [key, ...network.ready],
    },
  );
  const publicly = reserved ? reservedAddress(site, network, machine, role, instance) : plainAddress(instance);
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
      publicAddress: plain(publicly.fact),
      privateAddress: plain(address),
      ...(role.volume && {
        volumeDevice: plain(dataDevice(site, network, machine, role.volume.sizeGb, instance)),
      }),
    },
  };
}

interface PublicAddress {
  /** Known as soon as the address is */
  fact: pulumi.Output<string>;
  /** Known when the machine answers there */
  dialled: pulumi.Output<string>;
}

const plainAddress = ({ publicIp }: Instance): PublicAddress => ({ fact: publicIp, dialled: publicIp });

/** An address that outlives its machine; the first of a role adopts the one that its options name */
function reservedAddress(
  site: Site,
  network: Network,
  machine: MachineName,
  { address }: Role,
  instance: Instance,
): PublicAddress {
  const name = machineName(machine);
  const adopted = address.kind === 'reserved' && machine.index === 0 ? address.adopt : undefined;
  const { id: allocationId, publicIp } =
    adopted === undefined
      ? new Eip(
          name,
          { domain: 'vpc', tags: site.tags(name, machine.role) },
          { ...site.options, ...guarded(site.request), dependsOn: [...network.ready] },
        )
      : getElasticIpOutput({ publicIp: adopted }, site.options);
  const association = new EipAssociation(
    name,
    { allocationId, instanceId: instance.id },
    { ...site.options, deleteBeforeReplace: true },
  );
  return { fact: publicIp, dialled: pulumi.all([publicIp, association.id]).apply(([ip]) => ip) };
}

/** A disk of its own for what the machine keeps, by the path that the machine sees it at */
function dataDevice(
  site: Site,
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
      tags: site.tags(name, machine.role),
    },
    { ...site.options, ...kept(site.request) },
  );
  const attachment = new VolumeAttachment(
    name,
    { deviceName: '/dev/sdf', instanceId: instance.id, volumeId: volume.id, stopInstanceBeforeDetaching: true },
    { ...site.options, deleteBeforeReplace: true },
  );
  return pulumi
    .all([volume.id, attachment.id])
    .apply(([id]) => `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${id.replace('-', '')}`);
}
