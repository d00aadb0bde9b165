import type { Answers } from '../../policy/answers.ts';
import type { Rehearsal } from '../cloud.ts';

const subscription = '0b1f6471-1bf0-4dda-aec3-111122223333';
const idOf = (kind: string, name: string): string =>
  `/subscriptions/${subscription}/resourceGroups/group/providers/Microsoft.${kind}/${name}`;

type Named<Key extends string> = Partial<Record<Key, string>>;

/** Outputs that the Azure provider would return for each type of resource */
const resources: Answers = {
  'azure-native:resources:ResourceGroup': ({ resourceGroupName: name }: Named<'resourceGroupName'>) => ({ name }),
  'azure-native:network:ApplicationSecurityGroup': (_, name) => ({
    id: idOf('Network/applicationSecurityGroups', name),
  }),
  'azure-native:network:NetworkSecurityGroup': (_, name) => ({ id: idOf('Network/networkSecurityGroups', name) }),
  'azure-native:network:VirtualNetwork': ({ virtualNetworkName: name }: Named<'virtualNetworkName'>) => ({ name }),
  'azure-native:network:Subnet': (_, name) => ({ id: idOf('Network/virtualNetworks/subnets', name) }),
  'azure-native:network:PublicIPAddress': (_, name) => ({
    id: idOf('Network/publicIPAddresses', name),
    ipAddress: `203.0.113.${20 + Number(/(\d+)-address$/.exec(name)?.[1] ?? 0)}`,
  }),
  'azure-native:network:NetworkInterface': (_, name) => ({ id: idOf('Network/networkInterfaces', name) }),
  'azure-native:compute:Disk': (_, name) => ({ id: idOf('Compute/disks', name) }),
  'azure-native:compute:VirtualMachine': (_, name) => ({
    id: idOf('Compute/virtualMachines', name),
    vmId: `the-vm-id-of-${name}`,
  }),
  'azure-native:storage:StorageAccount': ({ accountName: name = '' }: Named<'accountName'>) => ({
    name,
    location: 'westeurope',
    primaryEndpoints: { blob: `https://${name}.blob.core.windows.net/` },
  }),
  'azure-native:storage:BlobContainer': ({ containerName: name }: Named<'containerName'>) => ({ name }),
  'azure-native:eventhub:Namespace': ({ namespaceName: name }: Named<'namespaceName'>) => ({ name }),
  'azure-native:eventhub:EventHub': ({ eventHubName: name }: Named<'eventHubName'>) => ({ name }),
  'azure-native:eventhub:EventHubAuthorizationRule': ({
    authorizationRuleName: name,
  }: Named<'authorizationRuleName'>) => ({ name }),
  'azure-native:managedidentity:UserAssignedIdentity': (_, name) => ({
    id: idOf('ManagedIdentity/userAssignedIdentities', name),
    principalId: 'the-principal',
  }),
  'azure-native:authorization:RoleDefinition': (_, name) => ({ id: idOf('Authorization/roleDefinitions', name) }),
};

/** Results that the functions of the Azure provider would return */
const functions: Answers = {
  'azure-native:authorization:getClientConfig': () => ({ subscriptionId: subscription }),
  'azure-native:storage:listStorageAccountKeys': () => ({ keys: [{ value: 'the-account-key' }] }),
  'azure-native:eventhub:listEventHubKeys': () => ({
    primaryConnectionString: 'Endpoint=sb://logs/;SharedAccessKey=the-send-key',
  }),
};

export const rehearsal: Rehearsal = {
  credentials: {
    ...{ ARM_SUBSCRIPTION_ID: 'subscription', ARM_TENANT_ID: 'tenant' },
    ...{ ARM_CLIENT_ID: 'client', ARM_CLIENT_SECRET: 'arm-secret' },
  },
  resources,
  functions,
};
