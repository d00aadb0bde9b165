import { Disk } from '@pulumi/azure-native/compute/disk.js';
import { VirtualMachine } from '@pulumi/azure-native/compute/virtualMachine.js';
import { NetworkInterface } from '@pulumi/azure-native/network/networkInterface.js';
import { PublicIPAddress } from '@pulumi/azure-native/network/publicIPAddress.js';
import type * as pulumi from '@pulumi/pulumi';
import { sshPort } from '../../model/access.ts';
import { addressAt, machineOffset } from '../../model/address.ts';
import { type MachineName, machineName } from '../../model/names.ts';
import { loginUser } from '../../render/cloudInit.ts';
import { firstBoot } from '../boot.ts';
import { guardedAddress, guardedMachine, kept } from '../keep.ts';
import { type MadeMachine, plainFact, type Slot } from '../makers.ts';
import type { Scope } from './scope.ts';
import type { Shared } from './shared.ts';

export interface AzureMachine extends MadeMachine {
  /** Azure resource id: `/subscriptions/…` */
  id: pulumi.Output<string>;
}

/** Size of Azure's Debian 13 image; a disk cannot be smaller than its image */
const imageGb = 30;
/** Path at which Debian shows the disk at LUN 0 on sizes with SCSI disks (before version 6) */
const volumeDevice = '/dev/disk/azure/scsi1/lun0';

/** Creates a virtual machine with its addresses and disks; its public address and data disk outlive it */
export function makeMachine(scope: Shared, slot: Slot): AzureMachine {
  const { machine, role: definition } = slot;
  const { request, group, options, settings } = scope;
  const { role, index } = machine;
  const name = machineName(machine);
  const cloudName = scope.name(role, `${index}`);
  const tags = scope.tags(role);
  const boot = firstBoot(request, machine);
  const { address, privateAddress, nic } = makeInterface(scope, slot);
  const volume = definition.volume && makeVolume(scope, machine, definition.volume.sizeGb);
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
        // Extensions could run commands on the machine without SSH
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
          name: scope.name(role, `${index}`, 'system'),
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
      // Keeps the console log, for a machine that can't be reached
      diagnosticsProfile: { bootDiagnostics: { enabled: true } },
      tags,
    },
    {
      ...options,
      ...guardedMachine(request, slot, 'azure-native:compute:VirtualMachine'),
      deleteBeforeReplace: true,
      // A newer image, changed user data or a new deploy key must not replace a machine
      ignoreChanges: ['osProfile.customData', 'osProfile.linuxConfiguration', 'storageProfile.imageReference'],
    },
  );
  return {
    id: server.id,
    facts: {
      publicAddress: plainFact(address),
      privateAddress: plainFact(privateAddress),
      volumeDevice: plainFact(volume ? volumeDevice : ''),
    },
    host: {
      ...{ name, role, index, address, port: sshPort, user: loginUser },
      ...{ hostKey: boot.hostKey, resource: server, incarnation: server.vmId },
    },
  };
}

/** Creates the network interface with the planned private address and a static public address of its own */
function makeInterface(scope: Shared, slot: Slot) {
  const { machine } = slot;
  const { request, group, options } = scope;
  const { subnet, groups } = scope.network;
  const { role, index } = machine;
  const name = machineName(machine);
  const offset = machineOffset(slot.role.slot, index);
  const privateAddress = addressAt(request.environment.network, offset);
  const address = new PublicIPAddress(
    `${name}-address`,
    {
      publicIpAddressName: scope.name(role, `${index}`, 'address'),
      resourceGroupName: group,
      sku: { name: 'Standard' },
      publicIPAllocationMethod: 'Static',
      tags: scope.tags(role),
    },
    // An imported address keeps its name
    { ...options, ...guardedAddress(request, slot), ignoreChanges: ['publicIpAddressName'] },
  );
  const nic = new NetworkInterface(
    `${name}-interface`,
    {
      networkInterfaceName: scope.name(role, `${index}`, 'interface'),
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
      tags: scope.tags(role),
    },
    { ...options, deleteBeforeReplace: true },
  );
  // A static address is assigned at creation
  return { nic: nic.id, privateAddress, address: address.ipAddress.apply((known) => known ?? '') };
}

/** Creates a data disk: encrypted with a platform key, export and public access denied */
function makeVolume(scope: Scope, machine: MachineName, sizeGb: number): pulumi.Output<string> {
  const { request, group, options } = scope;
  const { role, index } = machine;
  const disk = new Disk(
    `${machineName(machine)}-volume`,
    {
      diskName: scope.name(role, `${index}`, 'volume'),
      resourceGroupName: group,
      creationData: { createOption: 'Empty' },
      diskSizeGB: sizeGb,
      sku: { name: 'StandardSSD_LRS' },
      encryption: { type: 'EncryptionAtRestWithPlatformKey' },
      networkAccessPolicy: 'DenyAll',
      publicNetworkAccess: 'Disabled',
      tags: scope.tags(role),
    },
    // An imported disk keeps its name
    { ...options, ...kept(request), ignoreChanges: ['diskName'] },
  );
  return disk.id;
}
