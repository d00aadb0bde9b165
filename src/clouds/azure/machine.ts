import { Disk } from '@pulumi/azure-native/compute/disk.js';
import { VirtualMachine } from '@pulumi/azure-native/compute/virtualMachine.js';
import { NetworkInterface } from '@pulumi/azure-native/network/networkInterface.js';
import { PublicIPAddress } from '@pulumi/azure-native/network/publicIPAddress.js';
import type * as pulumi from '@pulumi/pulumi';
import { sshPort } from '../../model/access.ts';
import { addressAt, machineOffset } from '../../model/address.ts';
import type { Role } from '../../model/blueprint.ts';
import { type MachineName, machineName } from '../../model/names.ts';
import { loginUser } from '../../render/cloudInit.ts';
import { firstBoot } from '../boot.ts';
import { guarded, guardedMachine, kept } from '../keep.ts';
import { type MadeMachine, plain, type Slot } from '../makers.ts';
import type { Shared } from './shared.ts';
import type { Site } from './site.ts';

export interface AzureMachine extends MadeMachine {
  /** As Azure names it: `/subscriptions/…` */
  id: pulumi.Output<string>;
}

/** Azure's image of Debian 13 has this size, and no disk may be smaller than its image */
const imageGb = 30;
/** Where Debian shows the disk at lun 0, on sizes whose disks are SCSI: those before version 6 */
const volumeDevice = '/dev/disk/azure/scsi1/lun0';

/** One virtual machine with its addresses and its disks; address and data disk outlive it */
export function makeMachine(site: Shared, { machine, role: definition }: Slot): AzureMachine {
  const { request, group, options, settings } = site;
  const { role, index } = machine;
  const name = machineName(machine);
  const cloudName = site.name(role, `${index}`);
  const tags = site.tags(role);
  const boot = firstBoot(request, machine);
  const { address, privateAddress, nic } = makeInterface(site, machine, definition);
  const volume = definition.volume && makeVolume(site, machine, definition.volume.sizeGb);
  const server = new VirtualMachine(
    name,
    {
      vmName: cloudName,
      resourceGroupName: group,
      ...(definition.size !== undefined && { hardwareProfile: { vmSize: definition.size } }),
      networkProfile: { networkInterfaces: [{ id: nic, primary: true }] },
      osProfile: {
        computerName: cloudName,
        adminUsername: loginUser,
        customData: boot.userData.apply((text) => Buffer.from(text).toString('base64')),
        // Extensions would be a second way in
        allowExtensionOperations: false,
        linuxConfiguration: {
          disablePasswordAuthentication: true,
          ssh: { publicKeys: [{ path: `/home/${loginUser}/.ssh/authorized_keys`, keyData: request.deployKey }] },
        },
      },
      storageProfile: {
        imageReference: {
          publisher: 'Debian',
          offer: 'debian-13',
          sku: settings.trustedLaunch ? '13-gen2' : '13',
          version: 'latest',
        },
        osDisk: {
          name: site.name(role, `${index}`, 'system'),
          createOption: 'FromImage',
          deleteOption: 'Delete',
          caching: 'ReadWrite',
          diskSizeGB: Math.max(definition.diskGb, imageGb),
          managedDisk: { storageAccountType: 'StandardSSD_LRS' },
        },
        ...(volume && {
          dataDisks: [{ lun: 0, createOption: 'Attach', deleteOption: 'Detach', managedDisk: { id: volume } }],
        }),
      },
      securityProfile: {
        ...(settings.encryptionAtHost && { encryptionAtHost: true }),
        ...(settings.trustedLaunch && {
          securityType: 'TrustedLaunch',
          uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
        }),
      },
      // What its console says, for a machine that can't be reached
      diagnosticsProfile: { bootDiagnostics: { enabled: true } },
      tags,
    },
    {
      ...options,
      ...guardedMachine(request, 'azure-native:compute:VirtualMachine', name),
      deleteBeforeReplace: true,
      // A newer image, or user data that came to differ, is no reason to make a machine anew
      ignoreChanges: ['osProfile.customData', 'osProfile.linuxConfiguration', 'storageProfile.imageReference'],
    },
  );
  return {
    id: server.id,
    facts: {
      publicAddress: plain(address),
      privateAddress: plain(privateAddress),
      volumeDevice: plain(volume ? volumeDevice : ''),
    },
    host: {
      ...{ name, role, index, address, port: sshPort, user: loginUser },
      ...{ hostKey: boot.hostKey, resource: server, incarnation: server.vmId },
    },
  };
}

/** The planned private address, and a public one of its own that nothing else ever has */
function makeInterface(site: Shared, machine: MachineName, { slot }: Role) {
  const { request, group, options } = site;
  const { subnet, groups } = site.network;
  const { role, index } = machine;
  const name = machineName(machine);
  const offset = machineOffset(slot, index);
  const privateAddress = addressAt(request.environment.network, offset);
  const address = new PublicIPAddress(
    `${name}-address`,
    {
      publicIpAddressName: site.name(role, `${index}`, 'address'),
      resourceGroupName: group,
      sku: { name: 'Standard' },
      publicIPAllocationMethod: 'Static',
      tags: site.tags(role),
    },
    { ...options, ...guarded(request) },
  );
  const nic = new NetworkInterface(
    `${name}-interface`,
    {
      networkInterfaceName: site.name(role, `${index}`, 'interface'),
      resourceGroupName: group,
      ipConfigurations: [
        {
          name: 'main',
          primary: true,
          subnet: { id: subnet },
          privateIPAllocationMethod: 'Static',
          privateIPAddress: privateAddress,
          publicIPAddress: { id: address.id },
          ...(groups[role] && { applicationSecurityGroups: [{ id: groups[role] }] }),
        },
      ],
      tags: site.tags(role),
    },
    { ...options, deleteBeforeReplace: true },
  );
  // A static address is there from the beginning
  return { nic: nic.id, privateAddress, address: address.ipAddress.apply((known) => known ?? '') };
}

/** Nobody may export it, and the platform encrypts it */
function makeVolume(site: Site, machine: MachineName, sizeGb: number): pulumi.Output<string> {
  const { request, group, options } = site;
  const { role, index } = machine;
  const disk = new Disk(
    `${machineName(machine)}-volume`,
    {
      diskName: site.name(role, `${index}`, 'volume'),
      resourceGroupName: group,
      creationData: { createOption: 'Empty' },
      diskSizeGB: sizeGb,
      sku: { name: 'StandardSSD_LRS' },
      encryption: { type: 'EncryptionAtRestWithPlatformKey' },
      networkAccessPolicy: 'DenyAll',
      publicNetworkAccess: 'Disabled',
      tags: site.tags(role),
    },
    { ...options, ...kept(request) },
  );
  return disk.id;
}
