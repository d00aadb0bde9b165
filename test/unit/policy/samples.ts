import type { PlannedResource } from '../../../src/policy/policy.ts';

type Inputs = PlannedResource['inputs'];

/** A resource that keeps a policy and one that breaks it, each with what stands beside it */
export interface Sample {
  keeps: readonly Inputs[];
  breaks: readonly Inputs[];
  /** Of the resource `id`, in both cases */
  beside?: PlannedResource;
  /** In the broken case alone */
  besideBroken?: PlannedResource;
  /** Of what breaks it: those that are meant so */
  meant?: readonly Inputs[];
}

const rule = { direction: 'ingress', protocol: 'tcp' };
const open = { ...rule, remoteIpPrefix: '0.0.0.0/0' };
const world = { cidrIpv4: '0.0.0.0/0' };
const port = (from: number, to = from) => ({ fromPort: from, toPort: to });
const ports = (from: number, to = from) => ({ portRangeMin: from, portRangeMax: to });
const nsg = (destinationPortRange: string, extra: object = {}) => ({
  securityRules: [
    { direction: 'Inbound', access: 'Allow', sourceAddressPrefix: 'Internet', destinationPortRange, ...extra },
  ],
});
const block = (key: string, value: boolean): PlannedResource => ({
  type: 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock',
  name: 'block',
  inputs: { bucket: 'id', [key]: value },
});
const publicAccess = (key: string): Sample => ({
  ...{ keeps: [{}], breaks: [{}], beside: block(key, true), besideBroken: block(key, false) },
});
const encrypted = (sseAlgorithm: string): PlannedResource => ({
  type: 'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
  name: 'encryption',
  inputs: { bucket: 'id', rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm } }] },
});
const customData = (text: string) => ({ osProfile: { customData: Buffer.from(text).toString('base64') } });
const described = { keeps: [{ description: 'users open the site' }], breaks: [{}, { description: '' }] };
const awsDescribed = { ...described, breaks: [...described.breaks, { description: 'Managed by Pulumi' }] };

/** By what the policy asks, and of which type where several ask the same */
export const samples: Readonly<Record<string, Sample>> = {
  'an instance has no password': { keeps: [{}], breaks: [{ adminPass: 'x' }] },
  'the provider reads its credentials from the environment': {
    keeps: [{ region: 'GRA7' }],
    breaks: [{ password: 'x' }],
  },
  'a security group allows ingress only from named networks openstack': {
    keeps: [
      { ...rule, ...ports(3306), remoteIpPrefix: '198.51.100.0/24' },
      { ...rule, ...ports(6379), remoteGroupId: 'group' },
      { ...open, direction: 'egress' },
    ],
    breaks: [{ ...open, ...ports(3306) }, { ...rule, ...ports(3306) }, { ...open, ...ports(79, 444) }, open],
    meant: [
      { ...open, ...ports(80) },
      { ...open, ...ports(443) },
    ],
  },
  'SSH is not open to everybody openstack': {
    keeps: [
      { ...open, ...ports(80) },
      { ...rule, ...ports(22), remoteIpPrefix: '198.51.100.0/24' },
    ],
    breaks: [{ ...open, ...ports(22) }, { ...open, ...ports(1, 1024) }, open, { ...rule, remoteIpPrefix: '::/0' }],
  },
  'RDP is not open to everybody openstack': {
    keeps: [{ ...open, ...ports(80) }],
    breaks: [{ ...open, ...ports(3389) }],
  },
  'a security group allows egress only to named networks openstack': {
    keeps: [{ direction: 'egress', remoteIpPrefix: '198.51.100.0/24' }, open],
    breaks: [],
    meant: [{ direction: 'egress', remoteIpPrefix: '0.0.0.0/0' }, { direction: 'egress' }],
  },
  'a security group says what it is for openstack': described,
  'a rule says why it is there openstack': described,
  'a firewall rule names its source and destination': {
    keeps: [{ sourceIpAddress: '198.51.100.0/24', destinationIpAddress: '203.0.113.1' }],
    breaks: [
      { sourceIpAddress: '198.51.100.0/24' },
      { sourceIpAddress: '0.0.0.0/0', destinationIpAddress: '203.0.113.1' },
    ],
  },

  'SSH and RDP are not open to everybody': {
    keeps: [
      { ...world, ...port(443) },
      { cidrIpv4: '198.51.100.0/24', ...port(22) },
    ],
    breaks: [{ ...world, ...port(22) }, { cidrIpv6: '::/0', ...port(3389) }, { ...world, ...port(0, 100) }, world],
  },
  'a security group allows egress only to named networks aws': {
    keeps: [{ cidrIpv4: '198.51.100.0/24' }],
    breaks: [],
    meant: [world],
  },
  'a security group says what it is for aws': awsDescribed,
  'a rule says why it is there aws': awsDescribed,
  'the rules of a security group are separate resources': {
    keeps: [{}, { ingress: [] }],
    breaks: [{ ingress: [{}] }, { egress: [{}] }],
  },
  'the metadata service requires a token and answers only the machine': {
    keeps: [{ metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1 } }],
    breaks: [{}, { metadataOptions: { httpTokens: 'required' } }, { metadataOptions: { httpPutResponseHopLimit: 1 } }],
  },
  'the disk of a machine is encrypted': { keeps: [{ rootBlockDevice: { encrypted: true } }], breaks: [{}] },
  'a volume is encrypted': { keeps: [{ encrypted: true }], breaks: [{}, { encrypted: false }] },
  'user data contains no key of the account': {
    keeps: [{}, { userData: '#cloud-config' }],
    breaks: [{ userData: 'AKIAABCDEFGHIJKLMNOP' }, { userData: 'export AWS_SECRET_ACCESS_KEY=x' }],
  },
  'a machine has no public address aws': { keeps: [{}], breaks: [], meant: [{ associatePublicIpAddress: true }] },
  'a subnet gives no machine a public address by itself': { keeps: [{}], breaks: [{ mapPublicIpOnLaunch: true }] },
  "the account's default network is not used": { keeps: [], breaks: [{}] },
  'a network keeps flow logs': {
    keeps: [{}],
    breaks: [{}],
    beside: { type: 'aws:ec2/flowLog:FlowLog', name: 'log', inputs: { vpcId: 'id' } },
    besideBroken: { type: 'aws:ec2/flowLog:FlowLog', name: 'log', inputs: { vpcId: 'of another' } },
  },
  'an image is looked up from a named publisher': {
    keeps: [{ owners: ['136693071363'] }],
    breaks: [{}, { owners: [] }, { owners: ['*'] }],
  },
  'public ACLs are refused': publicAccess('blockPublicAcls'),
  'public policies are refused': publicAccess('blockPublicPolicy'),
  'public ACLs are ignored': publicAccess('ignorePublicAcls'),
  'a public policy gives no access to others': publicAccess('restrictPublicBuckets'),
  'a bucket has no public ACL': { keeps: [{ acl: 'private' }], breaks: [{ acl: 'public-read' }] },
  'a bucket is encrypted': {
    ...{ keeps: [{}], breaks: [{}], beside: encrypted('AES256') },
    besideBroken: { ...encrypted('AES256'), inputs: { bucket: 'id', rules: [] } },
  },
  'a bucket is encrypted with a customer-managed key': {
    ...{ keeps: [{}], breaks: [], meant: [{}], beside: encrypted('aws:kms'), besideBroken: encrypted('AES256') },
  },
  'a bucket has versioning': {
    ...{ keeps: [{}], breaks: [{}] },
    beside: {
      ...{ type: 'aws:s3/bucketVersioning:BucketVersioning', name: 'versions' },
      inputs: { bucket: 'id', versioningConfiguration: { status: 'Enabled' } },
    },
    besideBroken: {
      ...{ type: 'aws:s3/bucketVersioning:BucketVersioning', name: 'versions' },
      inputs: { bucket: 'id', versioningConfiguration: { status: 'Suspended' } },
    },
  },
  'access to a bucket is logged': {
    ...{ keeps: [{}], breaks: [{}], meant: [{ bucket: 'the-log' }] },
    beside: { type: 'aws:s3/bucketLogging:BucketLogging', name: 'logging', inputs: { bucket: 'id' } },
    besideBroken: {
      ...{ type: 'aws:s3/bucketLogging:BucketLogging', name: 'logging' },
      inputs: { bucket: 'of another', targetBucket: 'the-log' },
    },
  },

  'a security group allows ingress only from named networks azure-native': {
    keeps: [{ securityRules: [] }, nsg('22', { sourceAddressPrefix: '198.51.100.0/24' }), nsg('*', { access: 'Deny' })],
    breaks: [
      nsg('8080'),
      nsg('*'),
      nsg('80', { destinationPortRange: undefined, destinationPortRanges: ['80', '81'] }),
    ],
    meant: [nsg('80'), nsg('443', { sourceAddressPrefix: '*' })],
  },
  'SSH is not open to everybody azure-native': {
    keeps: [nsg('443'), nsg('22', { direction: 'Outbound' })],
    breaks: [
      nsg('22'),
      nsg('20-30'),
      nsg('*'),
      nsg('22', { sourceAddressPrefix: 'x', sourceAddressPrefixes: ['0.0.0.0/0'] }),
    ],
  },
  'RDP is not open to everybody azure-native': { keeps: [nsg('443')], breaks: [nsg('3389')] },
  'databases and mail are not open to everybody': { keeps: [nsg('443')], breaks: [nsg('5432'), nsg('3000-4000')] },
  'a security group allows egress only to named networks azure-native': {
    keeps: [nsg('443')],
    breaks: [],
    meant: [nsg('*', { direction: 'Outbound', destinationAddressPrefix: '*' })],
  },
  'a machine accepts only key logins': {
    keeps: [{ osProfile: { linuxConfiguration: { disablePasswordAuthentication: true } } }],
    breaks: [
      {},
      { osProfile: { adminPassword: 'x', linuxConfiguration: { disablePasswordAuthentication: true } } },
      { osProfile: { linuxConfiguration: { disablePasswordAuthentication: false } } },
    ],
  },
  'the encryption of a disk is not disabled': {
    keeps: [{}],
    breaks: [{ encryptionSettingsCollection: { enabled: false } }],
  },
  'user data contains no password': {
    keeps: [{}, customData('sudo: ALL=(ALL) NOPASSWD:ALL\nlock_passwd: true\nssh_keys:\n  ed25519_private: x')],
    breaks: [customData('DB_PASSWORD=x'), customData('apikey: x')],
  },
  'a machine has no public address azure-native': {
    keeps: [{ ipConfigurations: [{}] }],
    breaks: [],
    meant: [{ ipConfigurations: [{ publicIPAddress: { id: 'x' } }] }],
  },
  'a container is private': { keeps: [{}, { publicAccess: 'None' }], breaks: [{ publicAccess: 'Blob' }] },
  'a storage account has no public access': { keeps: [{ allowBlobPublicAccess: false }], breaks: [{}] },
  'a storage account accepts only HTTPS': { keeps: [{ enableHttpsTrafficOnly: true }], breaks: [{}] },
  'a storage account requires TLS 1.2 or later': {
    keeps: [{ minimumTlsVersion: 'TLS1_2' }],
    breaks: [{}, { minimumTlsVersion: 'TLS1_0' }],
  },
  'a storage account accepts only named networks': {
    keeps: [{ networkRuleSet: { defaultAction: 'Deny' } }],
    breaks: [{}, { networkRuleSet: { defaultAction: 'Allow' } }],
  },
  'a storage account is encrypted twice': {
    keeps: [{ encryption: { requireInfrastructureEncryption: true } }],
    breaks: [{}],
  },
  'deleted data can be restored': { keeps: [{ deleteRetentionPolicy: { enabled: true } }], breaks: [{}] },
};
