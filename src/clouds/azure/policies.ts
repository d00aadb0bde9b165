import {
  at,
  covers,
  has,
  isEverybody,
  isWeb,
  listAt,
  loginPorts,
  openEgress,
  type PlannedResource,
  type Policy,
  publicAddress,
  publicWeb,
} from '../../policy/policy.ts';

const group = 'azure-native:network:NetworkSecurityGroup';
const machine = 'azure-native:compute:VirtualMachine';
const account = 'azure-native:storage:StorageAccount';

interface NsgRule {
  ports: readonly (readonly [first: unknown, last: unknown])[];
}

/** Returns the inline rules of a group that allow any source (inbound) or any destination (outbound) */
const openRules = ({ inputs }: PlannedResource, direction: 'Inbound' | 'Outbound'): readonly NsgRule[] =>
  listAt(inputs, 'securityRules')
    .filter((rule) => at(rule, 'direction') === direction && at(rule, 'access') === 'Allow')
    .filter((rule) => {
      const side = direction === 'Inbound' ? 'source' : 'destination';
      return [at(rule, `${side}AddressPrefix`), ...listAt(rule, `${side}AddressPrefixes`)].some(isEverybody);
    })
    .map((rule) => ({
      ports: [at(rule, 'destinationPortRange'), ...listAt(rule, 'destinationPortRanges')]
        .filter((range) => range !== undefined)
        .map((range) => (range === '*' ? [0, 65_535] : `${range}`.split('-'))),
    }))
    .map(({ ports }) => ({ ports: ports.map(([first, last]) => [first, last ?? first] as const) }));

const closedTo =
  (...closed: readonly number[]) =>
  (resource: PlannedResource): boolean =>
    !openRules(resource, 'Inbound').some(({ ports }) => ports.some(([first, last]) => covers(first, last, closed)));

/** Ports that trivy calls sensitive: mail, DNS, file transfer, directories, databases */
const sensitive = [20, 21, 23, 25, 53, 110, 135, 139, 143, 161, 389, 636, 993, 995, 1433, 1521, 3306, 5432, 6379];

/** Checks of common scanners for networks and machines of Azure */
const machines: readonly Policy[] = [
  {
    ids: ['AZU-0047', 'CKV_AZURE_160'],
    what: 'a security group allows ingress only from named networks',
    type: group,
    holds: (resource) => openRules(resource, 'Inbound').length === 0,
    except: {
      why: publicWeb,
      when: (resource) =>
        openRules(resource, 'Inbound').every(({ ports }) => ports.every(([first, last]) => isWeb(first, last))),
    },
  },
  {
    ids: ['AZU-0050', 'CKV_AZURE_10'],
    what: 'SSH is not open to everybody',
    type: group,
    holds: closedTo(loginPorts[0]),
  },
  {
    ids: ['AZU-0048', 'CKV_AZURE_9'],
    what: 'RDP is not open to everybody',
    type: group,
    holds: closedTo(loginPorts[1]),
  },
  {
    ids: ['AZU-0074'],
    what: 'databases and mail are not open to everybody',
    type: group,
    holds: closedTo(...sensitive),
  },
  {
    ids: ['AZU-0051'],
    what: 'a security group allows egress only to named networks',
    type: group,
    holds: (resource) => openRules(resource, 'Outbound').length === 0,
    except: { why: openEgress },
  },
  {
    ids: ['AZU-0039', 'CKV_AZURE_1', 'CKV_AZURE_178'],
    what: 'a machine accepts only key logins',
    type: machine,
    holds: ({ inputs }) =>
      at(inputs, 'osProfile', 'adminPassword') === undefined &&
      at(inputs, 'osProfile', 'linuxConfiguration', 'disablePasswordAuthentication') === true,
  },
  {
    ids: ['AZU-0038'],
    what: 'the encryption of a disk is not disabled',
    type: 'azure-native:compute:Disk',
    holds: ({ inputs }) => at(inputs, 'encryptionSettingsCollection', 'enabled') !== false,
  },
  {
    ids: ['AZU-0037', 'CKV_AZURE_45'],
    what: 'user data contains no password',
    type: machine,
    holds: ({ inputs }) => {
      const data = String(at(inputs, 'osProfile', 'customData') ?? '');
      return !/(?<!lock_|no)(password|passwd|secret|api_?key)["']?\s*[:=]/i.test(
        Buffer.from(data, 'base64').toString(),
      );
    },
  },
  {
    ids: ['AZU-0076', 'CKV_AZURE_119'],
    what: 'a machine has no public address',
    type: 'azure-native:network:NetworkInterface',
    holds: ({ inputs }) => listAt(inputs, 'ipConfigurations').every((one) => at(one, 'publicIPAddress') === undefined),
    except: { why: publicAddress },
  },
];

/** Checks of common scanners for storage accounts */
const storage: readonly Policy[] = [
  {
    ids: ['AZU-0007', 'CKV_AZURE_34'],
    what: 'a container is private',
    type: 'azure-native:storage:BlobContainer',
    holds: ({ inputs }) => [undefined, 'None'].includes(at(inputs, 'publicAccess') as string | undefined),
  },
  {
    ids: ['AZU-0007', 'CKV_AZURE_190'],
    what: 'a storage account has no public access',
    type: account,
    holds: ({ inputs }) => at(inputs, 'allowBlobPublicAccess') === false,
  },
  {
    ids: ['AZU-0008', 'AZU-0059', 'CKV_AZURE_3'],
    what: 'a storage account accepts only HTTPS',
    type: account,
    holds: has(true, 'enableHttpsTrafficOnly'),
  },
  {
    ids: ['AZU-0011', 'AZU-0059', 'CKV_AZURE_44'],
    what: 'a storage account requires TLS 1.2 or later',
    type: account,
    holds: ({ inputs }) => /^TLS1_[23]$/.test(String(at(inputs, 'minimumTlsVersion'))),
  },
  {
    ids: ['AZU-0012', 'CKV_AZURE_35'],
    what: 'a storage account accepts only named networks',
    type: account,
    holds: has('Deny', 'networkRuleSet', 'defaultAction'),
  },
  {
    ids: ['AZU-0061'],
    what: 'a storage account is encrypted twice',
    type: account,
    holds: has(true, 'encryption', 'requireInfrastructureEncryption'),
  },
  {
    ids: ['AZU-0056', 'CKV2_AZURE_38'],
    what: 'deleted data can be restored',
    type: 'azure-native:storage:BlobServiceProperties',
    holds: has(true, 'deleteRetentionPolicy', 'enabled'),
  },
];

/** Checks of common scanners for Azure */
export const policies: readonly Policy[] = [...machines, ...storage];
