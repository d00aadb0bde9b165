import { beforeAll, expect, test } from 'vitest';
import { onAzure, type Told } from './azureProgram.ts';
import { sealed } from './program.ts';

// Trivy's rules for Azure by their ids: Trivy itself reads no Pulumi program.

let told: Told;
const inputs = (type: string) => told.one(type).inputs;

beforeAll(async () => {
  told = await onAzure();
});

type Ingress = Record<string, unknown> & {
  sourceAddressPrefix?: string;
  destinationPortRange: string;
  access: string;
};
const ingress = () => inputs('NetworkSecurityGroup').securityRules as readonly Ingress[];
const fromAnywhere = () =>
  ingress().filter(
    ({ access, sourceAddressPrefix: from = '' }) =>
      access === 'Allow' && ['*', 'Internet', 'Any', '0.0.0.0/0'].includes(from),
  );

test('AZU-0047, 0048, 0050, 0051: from the internet to the ports of the web and no other', () => {
  expect(fromAnywhere().map(({ destinationPortRange }) => destinationPortRange)).toEqual(['443']);
  expect(ingress().filter(({ direction }) => direction === 'Outbound')).toEqual([]);
});

test('AZU-0074: the last rule denies what is left, between machines too', () => {
  const last = [...ingress()].sort((a, b) => Number(a.priority) - Number(b.priority)).at(-1);
  expect(last).toMatchObject({ access: 'Deny', sourceAddressPrefix: '*', destinationPortRange: '*', protocol: '*' });
});

test('AZU-0037, 0039: no machine takes a password, and what it boots with has no secret but its own host key', () => {
  const machines = told.declared.filter(({ type }) => type.endsWith(':VirtualMachine'));
  expect(machines).toHaveLength(2);
  for (const { inputs, name } of machines) {
    const profile = sealed(inputs.osProfile) as { customData: string; linuxConfiguration: object };
    expect(profile.linuxConfiguration).toMatchObject({ disablePasswordAuthentication: true });
    const text = Buffer.from(profile.customData, 'base64').toString();
    expect(text.replaceAll(`the private half of ${name}-host-key`, '')).not.toMatch(/private half|the-.*-key/);
  }
});

test('AZU-0076: a machine has a public address by decision, and always behind the security group', () => {
  expect(inputs('Subnet').networkSecurityGroup).toEqual({ id: expect.stringMatching(/shop-firewall$/) });
});

test('AZU-0038: disks are encrypted by the platform, and nobody may export one', () => {
  expect(inputs('Disk')).toMatchObject({
    encryption: { type: 'EncryptionAtRestWithPlatformKey' },
    networkAccessPolicy: 'DenyAll',
    publicNetworkAccess: 'Disabled',
  });
});

test('AZU-0007, 0008, 0011, 0012, 0056, 0059, 0061: storage', () => {
  expect(inputs('StorageAccount')).toMatchObject({
    allowBlobPublicAccess: false,
    enableHttpsTrafficOnly: true,
    minimumTlsVersion: 'TLS1_2',
    encryption: { requireInfrastructureEncryption: true },
    networkRuleSet: {
      defaultAction: 'Deny',
      virtualNetworkRules: [{ virtualNetworkResourceId: expect.stringMatching(/shop-subnet$/) }],
    },
  });
  expect(inputs('BlobServiceProperties')).toMatchObject({
    deleteRetentionPolicy: { enabled: true, days: 30 },
    containerDeleteRetentionPolicy: { enabled: true, days: 30 },
  });
});
