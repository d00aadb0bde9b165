import { beforeAll, describe, expect, test } from 'vitest';
import { onAzure, role, shop, type Told } from './azureProgram.ts';
import { sealed } from './program.ts';

let told: Told;
const inputs = (type: string, name?: string) => told.one(type, name).inputs;

beforeAll(async () => {
  told = await onAzure();
});

describe('the whole', () => {
  test('names are stable: a changed one is a decision', () => {
    expect(told.declared.map(({ type, name }) => `${type} ${name}`).sort()).toMatchSnapshot();
  });

  test("everything is the system's child and of its own provider, which knows a region and no credentials", () => {
    const provider = told.one('azure-native');
    expect(provider.inputs).toEqual({ location: 'westeurope', environment: 'public' });
    const made = told.declared.filter(({ type }) => type.startsWith('azure-native:'));
    expect(made.length).toBeGreaterThan(20);
    for (const { name, provider: own, options } of made) {
      expect(own, name).toContain('pulumi:providers:azure-native::shop-azure');
      expect(options.parent, name).toContain('berth:index:System::shop');
    }
    expect([...told.asked.keys()].map((name) => name.replace(/.*:/, '')).sort()).toEqual([
      'getClientConfig',
      'listEventHubKeys',
      'listStorageAccountKeys',
    ]);
    for (const [name, own] of told.asked) expect(own, name).toContain('pulumi:providers:azure-native::shop-azure');
  });

  test('whatever takes tags says whose it is', () => {
    const without = ['Subnet', 'BlobContainer', 'BlobServiceProperties', 'EventHub', 'EventHubAuthorizationRule'];
    const untagged = [...without, 'RoleDefinition', 'RoleAssignment'];
    for (const { type, inputs, name } of told.declared.filter((one) => one.type.startsWith('azure-native:'))) {
      if (untagged.includes(type.replace(/.*:/, ''))) expect(inputs, name).not.toHaveProperty('tags');
      else expect(inputs.tags, name).toMatchObject({ system: 'shop', environment: 'preprod', 'managed-by': 'berth' });
    }
    expect(inputs('VirtualMachine', 'shop-web-0').tags).toMatchObject({ role: 'web' });
  });

  test('what may not go by accident is protected, and what holds data stays; both until it is allowed', async () => {
    const kinds = ({ declared }: Told, want: (options: Told['declared'][number]['options']) => boolean) =>
      [...new Set(declared.filter(({ options }) => want(options)).map(({ type }) => type.replace(/.*:/, '')))].sort();
    const data = ['BlobContainer', 'BlobServiceProperties', 'Disk', 'ResourceGroup', 'StorageAccount'];
    expect(kinds(told, ({ retainOnDelete }) => retainOnDelete)).toEqual(data);
    expect(kinds(told, ({ protect }) => protect)).toEqual([...data, 'PublicIPAddress', 'VirtualMachine'].sort());
    const free = await onAzure({ allowDestroy: true });
    expect(kinds(free, ({ protect, retainOnDelete }) => protect || retainOnDelete)).toEqual([]);
  });

  test('an existing resource group is used, not made', async () => {
    const { named, declared } = await onAzure({ settings: { resourceGroup: 'lostops' } });
    expect(named('ResourceGroup')).toEqual([]);
    const groups = declared.filter(({ inputs }) => 'resourceGroupName' in inputs);
    expect(new Set(groups.map(({ inputs }) => inputs.resourceGroupName))).toEqual(new Set(['lostops']));
  });

  test('a second machine changes nothing of the first', async () => {
    const more = await onAzure({
      blueprint: { roles: { ...shop.roles, web: { ...(shop.roles.web ?? role()), count: 2 } } },
    });
    const seen = ({ declared }: Told) =>
      Object.fromEntries(declared.map(({ type, name, inputs }) => [`${type} ${name}`, JSON.stringify(inputs)]));
    const [before, after] = [seen(told), seen(more)];
    const changed = Object.keys(before).filter((key) => before[key] !== after[key]);
    // The clock's two workflows name the machines that they start and stop
    expect(changed.map((key) => key.replace(/.* /, ''))).toEqual(['shop-web-start', 'shop-web-stop']);
    const added = Object.keys(after).filter((key) => !(key in before));
    expect(
      added.every((key) => key.includes('shop-web-1')),
      `${added}`,
    ).toBe(true);
  });
});

describe('the network', () => {
  test('one subnet of the planned range, behind the one security group', () => {
    expect(inputs('VirtualNetwork').addressSpace).toEqual({ addressPrefixes: ['10.64.0.0/20'] });
    expect(inputs('Subnet')).toMatchObject({ addressPrefix: '10.64.0.0/20', networkSecurityGroup: { id: /firewall/ } });
    expect(told.named('ApplicationSecurityGroup')).toEqual(['shop-web', 'shop-database']);
  });

  test('machines have their planned addresses, and each a fixed public one', async () => {
    const [main] = inputs('NetworkInterface', 'shop-database-0-interface').ipConfigurations as [object];
    expect(main).toMatchObject({
      privateIPAddress: '10.64.0.32',
      privateIPAllocationMethod: 'Static',
      applicationSecurityGroups: [{ id: expect.stringMatching(/applicationSecurityGroups\/shop-database$/) }],
      publicIPAddress: { id: expect.stringMatching(/shop-database-0-address$/) },
    });
    expect(inputs('PublicIPAddress', 'shop-database-0-address')).toMatchObject({
      publicIPAllocationMethod: 'Static',
      sku: { name: 'Standard' },
    });
    expect((await told.fact('machines.database.0.privateAddress')).value).toBe('10.64.0.32');
    expect((await told.fact('machines.web.0.publicAddress')).value).toBe('203.0.113.20');
  });
});

describe('a machine', () => {
  test('Debian 13, no password, no way in but SSH, its size and its disks', () => {
    const { osProfile, ...server } = inputs('VirtualMachine', 'shop-database-0');
    expect(sealed(osProfile)).toMatchObject({
      adminUsername: 'berth',
      computerName: 'shop-database-0-preprod',
      allowExtensionOperations: false,
      linuxConfiguration: {
        disablePasswordAuthentication: true,
        ssh: { publicKeys: [{ path: '/home/berth/.ssh/authorized_keys', keyData: 'ssh-ed25519 AAAADEPLOY' }] },
      },
    });
    expect(sealed(osProfile)).not.toHaveProperty('adminPassword');
    expect(server).toMatchObject({
      vmName: 'shop-database-0-preprod',
      hardwareProfile: { vmSize: 'Standard_B2s' },
      storageProfile: {
        imageReference: { publisher: 'Debian', offer: 'debian-13', sku: '13-gen2' },
        osDisk: { deleteOption: 'Delete', diskSizeGB: 30 },
        dataDisks: [{ lun: 0, createOption: 'Attach', deleteOption: 'Detach' }],
      },
    });
    expect(server).not.toHaveProperty('identity');
  });

  test('a newer image and other user data never make it anew; where it is made anew, the old one goes first', () => {
    const { options } = told.one('VirtualMachine', 'shop-web-0');
    expect(options.deleteBeforeReplace).toBe(true);
    expect(options.ignoreChanges).toEqual(
      expect.arrayContaining(['osProfile.customData', 'storageProfile.imageReference']),
    );
  });

  test('its user data is secret on its way and has the host key that connections pin', async () => {
    const { customData } = sealed(inputs('VirtualMachine', 'shop-web-0').osProfile) as { customData: string };
    const userData = Buffer.from(customData, 'base64').toString();
    expect(userData).toMatch(/^#cloud-config\n/);
    expect(userData).toContain('the private half of shop-web-0-host-key');
    for (const secret of ['the-account-key', 'the-send-key']) expect(userData).not.toContain(secret);
    const host = told.hosts['shop-web-0'];
    expect(host).toMatchObject({ user: 'berth', port: 22, role: 'web', index: 0 });
    const known = await new Promise((resolve) => host?.hostKey.apply(resolve));
    expect(known).toBe('ssh-ed25519 AAAAC3Nz shop-web-0-host-key');
    expect(await new Promise((resolve) => host?.incarnation?.apply(resolve))).toBe('the-vm-id-of-shop-web-0');
  });

  test('its data disk outlives it and is found where the fact says', async () => {
    expect(inputs('Disk')).toMatchObject({ diskSizeGB: 20, creationData: { createOption: 'Empty' } });
    expect((await told.fact('machines.database.0.volumeDevice')).value).toBe('/dev/disk/azure/scsi1/lun0');
    expect((await told.fact('machines.web.0.volumeDevice')).value).toBe('');
  });

  test('trusted launch and encryption at the host are as the settings say', async () => {
    const security = (given: Told) => given.one('VirtualMachine', 'shop-web-0').inputs.securityProfile;
    expect(security(told)).toEqual({
      securityType: 'TrustedLaunch',
      uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
    });
    const other = await onAzure({ settings: { encryptionAtHost: true, trustedLaunch: false } });
    expect(security(other)).toEqual({ encryptionAtHost: true });
    expect(other.one('VirtualMachine', 'shop-web-0').inputs.storageProfile).toMatchObject({
      imageReference: { sku: '13' },
    });
  });
});
