import type { VolumeArgs } from '@pulumi/aws/ebs/volume.js';
import type { EipArgs } from '@pulumi/aws/ec2/eip.js';
import type { EipAssociationArgs } from '@pulumi/aws/ec2/eipAssociation.js';
import type { InstanceArgs } from '@pulumi/aws/ec2/instance.js';
import type { KeyPairArgs } from '@pulumi/aws/ec2/keyPair.js';
import type { VolumeAttachmentArgs } from '@pulumi/aws/ec2/volumeAttachment.js';
import { type Account, region } from './account.ts';
import { camel, kind, only, pascal, said, tagged, tagsOf } from './kind.ts';

type TagsThere = { Key: string; Value: string }[];

interface ThereInstance {
  ImageId: string;
  InstanceType: string;
  SubnetId: string;
  PrivateIpAddress: string;
  PublicIpAddress?: string;
  KeyName: string;
  NetworkInterfaces: { Groups: { GroupId: string }[] }[];
  BlockDeviceMappings: { DeviceName: string; Ebs: { VolumeId: string } }[];
  MetadataOptions: object;
  Tags: TagsThere;
}

interface ThereVolume {
  AvailabilityZone: string;
  Size: number;
  VolumeType: string;
  Encrypted: boolean;
  Attachments: { Device: string; InstanceId: string; VolumeId: string }[];
  Tags: TagsThere;
}

async function instance(aws: Account, id: string): Promise<ThereInstance> {
  const { Reservations } = await aws.call<{ Reservations: { Instances: ThereInstance[] }[] }>(
    'ec2',
    'DescribeInstances',
    { InstanceIds: [id] },
  );
  return only(only(Reservations, id).Instances, id);
}

async function volume(aws: Account, id: string): Promise<ThereVolume> {
  const { Volumes } = await aws.call<{ Volumes: ThereVolume[] }>('ec2', 'DescribeVolumes', { VolumeIds: [id] });
  return only(Volumes, id);
}

async function address(aws: Account, id: string) {
  const { Addresses } = await aws.call<{
    Addresses: { PublicIp: string; Domain: string; AssociationId?: string; InstanceId?: string; Tags: TagsThere }[];
  }>('ec2', 'DescribeAddresses', { AllocationIds: [id] });
  return only(Addresses, id);
}

export const machines = {
  'aws:ec2/keyPair:KeyPair': kind<KeyPairArgs>({
    async make(aws, { keyName, publicKey }, tags) {
      const names = { KeyName: keyName, TagSpecifications: tagged('key-pair', tags) };
      await aws.call('ec2', 'ImportKeyPair', { ...names, PublicKeyMaterial: publicKey });
      return { id: keyName };
    },
    async read(aws, id, { publicKey }) {
      const { KeyPairs } = await aws.call<{ KeyPairs: { KeyName: string; Tags: TagsThere }[] }>(
        'ec2',
        'DescribeKeyPairs',
        { KeyNames: [id] },
      );
      const { KeyName, Tags } = only(KeyPairs, id);
      // EC2 tells the fingerprint of a key alone
      return { keyName: KeyName, publicKey, tags: tagsOf(Tags) };
    },
  }),
  'aws:ec2/instance:Instance': kind<InstanceArgs>({
    own: ['userDataReplaceOnChange'],
    async make(aws, inputs, tags) {
      const { tags: diskTags = {}, ...disk } = inputs.rootBlockDevice;
      const { Images } = await aws.call<{ Images: { RootDeviceName: string }[] }>('ec2', 'DescribeImages', {
        ImageIds: [inputs.ami],
      });
      const place = { SubnetId: inputs.subnetId, PrivateIpAddress: inputs.privateIp };
      const groups = inputs.vpcSecurityGroupIds;
      const { Instances } = await aws.call<{ Instances: { InstanceId: string; PublicIpAddress?: string }[] }>(
        'ec2',
        'RunInstances',
        {
          ...{
            ImageId: inputs.ami,
            InstanceType: inputs.instanceType,
            MinCount: 1,
            MaxCount: 1,
            KeyName: inputs.keyName,
          },
          ...(inputs.associatePublicIpAddress
            ? { NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: true, ...place, Groups: groups }] }
            : { ...place, SecurityGroupIds: groups }),
          MetadataOptions: pascal(inputs.metadataOptions),
          BlockDeviceMappings: [{ DeviceName: only(Images, inputs.ami).RootDeviceName, Ebs: pascal(disk) }],
          UserData: inputs.userData,
          TagSpecifications: [...tagged('instance', tags), ...tagged('volume', diskTags)],
        },
      );
      const { InstanceId, PublicIpAddress } = only(Instances, 'instance');
      return {
        id: InstanceId,
        arn: `arn:aws:ec2:${region}:123456789012:instance/${InstanceId}`,
        publicIp: PublicIpAddress,
      };
    },
    async read(aws, id, { rootBlockDevice, associatePublicIpAddress, metadataOptions }) {
      const there = await instance(aws, id);
      const root = await volume(aws, there.BlockDeviceMappings[0]?.Ebs.VolumeId ?? '');
      const { UserData } = await aws.call<{ UserData: { Value: string } }>('ec2', 'DescribeInstanceAttribute', {
        ...{ InstanceId: id, Attribute: 'userData' },
      });
      return {
        ...{ ami: there.ImageId, instanceType: there.InstanceType, subnetId: there.SubnetId },
        ...{ privateIp: there.PrivateIpAddress, keyName: there.KeyName, tags: tagsOf(there.Tags) },
        // Those of its one interface; an instance tells them too, which moto forgets where the interface is declared
        vpcSecurityGroupIds: only(there.NetworkInterfaces, 'interface').Groups.map(({ GroupId }) => GroupId),
        ...(associatePublicIpAddress && { associatePublicIpAddress: there.PublicIpAddress !== undefined }),
        metadataOptions: said(camel(there.MetadataOptions), metadataOptions),
        rootBlockDevice: {
          ...{ volumeType: root.VolumeType, volumeSize: root.Size, encrypted: root.Encrypted },
          tags: rootBlockDevice.tags && tagsOf(root.Tags),
        },
        userData: Buffer.from(UserData.Value, 'base64').toString(),
      };
    },
  }),
  'aws:ec2/eip:Eip': kind<EipArgs>({
    async make(aws, { domain }, tags) {
      const args = { Domain: domain, TagSpecifications: tagged('elastic-ip', tags) };
      const made = await aws.call<{ AllocationId: string; PublicIp: string }>('ec2', 'AllocateAddress', args);
      return { id: made.AllocationId, publicIp: made.PublicIp };
    },
    async read(aws, id) {
      const { Domain, Tags } = await address(aws, id);
      return { domain: Domain, tags: tagsOf(Tags) };
    },
  }),
  'aws:ec2/eipAssociation:EipAssociation': kind<EipAssociationArgs>({
    async make(aws, { allocationId, instanceId }) {
      const { AssociationId } = await aws.call<{ AssociationId: string }>('ec2', 'AssociateAddress', {
        ...{ AllocationId: allocationId, InstanceId: instanceId, AllowReassociation: true },
      });
      return { id: AssociationId };
    },
    async read(aws, _, { allocationId }) {
      const { InstanceId } = await address(aws, allocationId);
      return { allocationId, instanceId: InstanceId };
    },
  }),
  'aws:ebs/volume:Volume': kind<VolumeArgs>({
    async make(aws, { availabilityZone, size, type, encrypted }, tags) {
      const { VolumeId } = await aws.call<{ VolumeId: string }>('ec2', 'CreateVolume', {
        ...{ AvailabilityZone: availabilityZone, Size: size, VolumeType: type, Encrypted: encrypted },
        TagSpecifications: tagged('volume', tags),
      });
      return { id: VolumeId };
    },
    async read(aws, id) {
      const { AvailabilityZone, Size, VolumeType, Encrypted, Tags } = await volume(aws, id);
      return {
        ...{ availabilityZone: AvailabilityZone, size: Size, type: VolumeType, encrypted: Encrypted },
        tags: tagsOf(Tags),
      };
    },
  }),
  'aws:ec2/volumeAttachment:VolumeAttachment': kind<VolumeAttachmentArgs>({
    own: ['stopInstanceBeforeDetaching'],
    async make(aws, { deviceName, instanceId, volumeId }) {
      await aws.call('ec2', 'AttachVolume', { Device: deviceName, InstanceId: instanceId, VolumeId: volumeId });
      return { id: `vai-${volumeId}` };
    },
    async read(aws, _, { volumeId }) {
      const { Device, InstanceId, VolumeId } = only((await volume(aws, volumeId)).Attachments, 'attachment');
      return { deviceName: Device, instanceId: InstanceId, volumeId: VolumeId };
    },
  }),
};
