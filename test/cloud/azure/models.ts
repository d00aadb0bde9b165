/** The model of a type of resources */
export interface Model {
  /** Package of azure.mgmt, with the version of the API where it has several */
  package: string;
  model: string;
  /** Inputs that are in the address of the request: `name` is the resource's own name */
  path: readonly string[];
  name: string;
}

const model = (of: string, name: string, ...more: readonly string[]) => ({
  package: of,
  name,
  path: [name, 'resourceGroupName', ...more],
});

const compute = 'compute.v2024_11_01';
const storage = 'storage.v2024_01_01';
const eventhub = 'eventhub.v2024_01_01';

/** Every type of Azure's resources that berth declares */
export const models: Readonly<Record<string, Model>> = {
  'network:ApplicationSecurityGroup': {
    model: 'ApplicationSecurityGroup',
    ...model('network', 'applicationSecurityGroupName'),
  },
  'network:NetworkSecurityGroup': { model: 'NetworkSecurityGroup', ...model('network', 'networkSecurityGroupName') },
  'network:VirtualNetwork': { model: 'VirtualNetwork', ...model('network', 'virtualNetworkName') },
  'network:Subnet': { model: 'Subnet', ...model('network', 'subnetName', 'virtualNetworkName') },
  'network:PublicIPAddress': { model: 'PublicIPAddress', ...model('network', 'publicIpAddressName') },
  'network:NetworkInterface': { model: 'NetworkInterface', ...model('network', 'networkInterfaceName') },
  'compute:VirtualMachine': { model: 'VirtualMachine', ...model(compute, 'vmName') },
  'compute:Disk': { model: 'Disk', ...model('compute.v2024_03_02', 'diskName') },
  'storage:StorageAccount': { model: 'StorageAccountCreateParameters', ...model(storage, 'accountName') },
  'storage:BlobServiceProperties': {
    model: 'BlobServiceProperties',
    ...model(storage, 'blobServicesName', 'accountName'),
  },
  'storage:BlobContainer': { model: 'BlobContainer', ...model(storage, 'containerName', 'accountName') },
  'eventhub:Namespace': { model: 'EHNamespace', ...model(eventhub, 'namespaceName') },
  'eventhub:EventHub': { model: 'Eventhub', ...model(eventhub, 'eventHubName', 'namespaceName') },
  'eventhub:EventHubAuthorizationRule': {
    model: 'AuthorizationRule',
    ...model(eventhub, 'authorizationRuleName', 'eventHubName', 'namespaceName'),
  },
  'dns:RecordSet': { model: 'RecordSet', ...model('dns', 'relativeRecordSetName', 'recordType', 'zoneName') },
  'devtestlab:VirtualMachineSchedule': {
    model: 'Schedule',
    ...model('devtestlabs', 'name', 'labName', 'virtualMachineName'),
  },
  'managedidentity:UserAssignedIdentity': { model: 'Identity', ...model('msi.v2023_01_31', 'resourceName') },
  'authorization:RoleDefinition': {
    model: 'RoleDefinition',
    ...model('authorization.v2022_05_01_preview', 'roleDefinitionId', 'scope'),
  },
  'authorization:RoleAssignment': {
    model: 'RoleAssignmentCreateParameters',
    ...model('authorization.v2022_04_01', 'roleAssignmentName', 'scope'),
  },
  'logic:Workflow': { model: 'Workflow', ...model('logic', 'workflowName') },
};
