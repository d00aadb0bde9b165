import { isNetwork } from '../network.ts';

// What Azure's documentation says of names and of requests, and its models do not.

const rules = 'https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules';

/** Characters of names by type */
const names: Readonly<Record<string, RegExp>> = {
  'resources:ResourceGroup': /^[\w().-]{0,89}[\w()-]$/,
  'network:ApplicationSecurityGroup': /^[a-zA-Z0-9](?:[\w.-]{0,78}\w)?$/,
  'network:NetworkSecurityGroup': /^[a-zA-Z0-9](?:[\w.-]{0,78}\w)?$/,
  'network:VirtualNetwork': /^[a-zA-Z0-9][\w.-]{0,62}\w$/,
  'network:Subnet': /^[a-zA-Z0-9](?:[\w.-]{0,78}\w)?$/,
  'network:PublicIPAddress': /^[a-zA-Z0-9](?:[\w.-]{0,78}\w)?$/,
  'network:NetworkInterface': /^[a-zA-Z0-9](?:[\w.-]{0,78}\w)?$/,
  // Of a machine of Linux, which its host name is too
  'compute:VirtualMachine': /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,62}[a-zA-Z0-9])?$/,
  'compute:Disk': /^[\w-]{1,80}$/,
  'storage:StorageAccount': /^[a-z0-9]{3,24}$/,
  'storage:BlobServiceProperties': /^default$/,
  'storage:BlobContainer': /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
  'eventhub:Namespace': /^(?!.*-(?:sb|mgmt)$)[a-zA-Z][a-zA-Z0-9-]{4,48}[a-zA-Z0-9]$/,
  'eventhub:EventHub': /^[a-zA-Z0-9](?:[\w.-]{0,254}[a-zA-Z0-9])?$/,
  'eventhub:EventHubAuthorizationRule': /^[a-zA-Z0-9](?:[\w.-]{0,48}[a-zA-Z0-9])?$/,
  'dns:RecordSet': /^(?:@|(?:\*\.)?[\w-]{1,63}(?:\.[\w-]{1,63})*)$/,
  'devtestlab:VirtualMachineSchedule': /^(?:LabVmAutoStart|LabVmsShutdown)$/,
  'managedidentity:UserAssignedIdentity': /^[a-zA-Z0-9][\w-]{2,127}$/,
  'authorization:RoleDefinition': /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  'authorization:RoleAssignment': /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  'logic:Workflow': /^[\w().-]{1,43}$/,
};

/** What is wrong with a resource's name */
export function misnamed(type: string, name: string): readonly string[] {
  const form = names[type];
  if (!form) return [`${type} has no rule of names`];
  return form.test(name) ? [] : [`its name is ${name}, which ${form} does not describe (${rules})`];
}

interface SecurityRule {
  name: string;
  priority: number;
  description?: string;
  direction: string;
  sourceAddressPrefixes?: readonly string[];
  sourceAddressPrefix?: string;
  destinationPortRange: string;
}

interface Machine {
  osProfile: { computerName: string; adminUsername: string; customData: string };
}

type Check = (inputs: never) => readonly string[];

const twice = (values: readonly (string | number)[]): readonly (string | number)[] =>
  values.filter((value, index) => values.indexOf(value) !== index);

/** What requests must be besides, by type; each with its source */
const checks: Readonly<Record<string, Check>> = {
  // https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview
  'network:NetworkSecurityGroup': ({ securityRules }: { securityRules: readonly SecurityRule[] }) => [
    ...twice(securityRules.map(({ name }) => name)).map((name) => `has two rules named ${name}`),
    ...twice(securityRules.map(({ priority, direction }) => `${direction} ${priority}`)).map(
      (one) => `has two rules of priority ${one}`,
    ),
    ...securityRules.flatMap(({ name, priority, description = '', ...rule }) => [
      ...(priority >= 100 && priority <= 4096 ? [] : [`rule ${name} has priority ${priority}, allowed: 100 to 4096`]),
      ...(description.length <= 140
        ? []
        : [`rule ${name} has a description of ${description.length} characters, allowed: 140`]),
      ...(/^[a-zA-Z0-9](?:[\w.-]{0,78}\w)?$/.test(name) ? [] : [`rule ${name} is not named as ${rules} says`]),
      ...(rule.sourceAddressPrefixes ?? [])
        .filter((one) => !isNetwork(one))
        .map((one) => `rule ${name} names ${one}, which is no network`),
      ...(/^(?:\*|Internet|VirtualNetwork|AzureLoadBalancer)$/.test(rule.sourceAddressPrefix ?? '*')
        ? []
        : [`rule ${name} is for ${rule.sourceAddressPrefix}`]),
      ...(/^(?:\*|\d{1,5}(?:-\d{1,5})?)$/.test(rule.destinationPortRange)
        ? []
        : [`rule ${name} is for port ${rule.destinationPortRange}`]),
    ]),
  ],
  'network:VirtualNetwork': ({ addressSpace }: { addressSpace: { addressPrefixes: readonly string[] } }) =>
    addressSpace.addressPrefixes.filter((one) => !isNetwork(one)).map((one) => `${one} is no network`),
  'network:Subnet': ({ addressPrefix }: { addressPrefix: string }) =>
    isNetwork(addressPrefix) ? [] : [`${addressPrefix} is no network`],
  // https://learn.microsoft.com/azure/virtual-machines/custom-data and the reference of OSProfile
  'compute:VirtualMachine': ({ osProfile: { adminUsername, customData } }: Machine) => [
    ...(Buffer.from(customData, 'base64').length <= 65_535 ? [] : ['has more user data than 65535 bytes']),
    ...(/^(?!(?:admin|root|user|test|guest|adm|sys|console|backup|server|sql|support|owner|actuser)\d?$)[a-z_][a-z0-9_-]{0,63}$/.test(
      adminUsername,
    )
      ? []
      : [`has the user ${adminUsername}, which Azure does not allow`]),
  ],
  'compute:Disk': ({ diskSizeGB }: { diskSizeGB: number }) =>
    diskSizeGB >= 1 && diskSizeGB <= 32_767 ? [] : [`has ${diskSizeGB} GB, allowed: 1 to 32767`],
  // https://learn.microsoft.com/azure/event-hubs/event-hubs-quotas, of the Standard tier
  'eventhub:EventHub': ({
    partitionCount,
    messageRetentionInDays: days,
  }: {
    partitionCount: number;
    messageRetentionInDays: number;
  }) => [
    ...(partitionCount >= 1 && partitionCount <= 32 ? [] : [`has ${partitionCount} partitions, allowed: 1 to 32`]),
    ...(days >= 1 && days <= 7 ? [] : [`keeps messages ${days} days, allowed: 1 to 7`]),
  ],
};

/** What is wrong with a request besides what its model says */
export const broken = (type: string, inputs: object): readonly string[] => [
  ...(checks[type]?.(inputs as never) ?? []),
  ...brokenTags((inputs as { tags?: Record<string, string> }).tags ?? {}),
];

// https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations
const brokenTags = (tags: Readonly<Record<string, string>>): readonly string[] => [
  ...(Object.keys(tags).length <= 50 ? [] : ['has more than 50 tags']),
  ...Object.entries(tags).flatMap(([key, value]) =>
    /^[^<>%&\\?/]{1,128}$/.test(key) && value.length <= 256 ? [] : [`has the tag ${key}: ${value}`],
  ),
];
