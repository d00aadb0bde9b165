/** A resource of a state: type, name and attributes */
export type Resource = readonly [type: string, name: string, attributes: Readonly<Record<string, unknown>>];

/** Returns a state of Terraform, version 4 */
export const stateText = (provider: string, resources: readonly Resource[]): string =>
  JSON.stringify({
    version: 4,
    resources: resources.map(([type, name, attributes]) => ({
      ...{ mode: 'managed', type, name, provider: `provider["registry.terraform.io/hashicorp/${provider}"]` },
      instances: [{ attributes }],
    })),
  });

/** Lostops on a private network of OpenStack: an address, a data disk, and a group that berth has no use for */
export const openstackState: readonly Resource[] = [
  [
    'openstack_networking_network_v2',
    'net',
    { id: 'net-1', name: 'old-net', tenant_id: '6e1f2a3b4c5d6e7f8091a2b3c4d5e6f7' },
  ],
  ['openstack_networking_subnet_v2', 'sub', { id: 'sub-1', network_id: 'net-1', cidr: '10.64.0.0/20' }],
  ['openstack_networking_router_v2', 'router', { id: 'router-1', name: 'old-router' }],
  [
    'openstack_networking_router_interface_v2',
    'join',
    { id: 'rif-1', router_id: 'router-1', subnet_id: 'sub-1', port_id: 'rif-1' },
  ],
  ['openstack_networking_port_v2', 'app', { id: 'port-1', network_id: 'net-1' }],
  [
    'openstack_compute_instance_v2',
    'app',
    {
      ...{ id: 'vm-1', name: 'old-app', region: 'GRA7', flavor_name: 'b2-7', access_ip_v4: '10.64.0.200' },
      network: [{ name: 'old-net', fixed_ip_v4: '10.64.0.200', port: 'port-1' }],
    },
  ],
  ['openstack_networking_floatingip_v2', 'app', { id: 'fip-1', address: '198.18.9.1', pool: 'Ext-Net' }],
  [
    'openstack_networking_floatingip_associate_v2',
    'app',
    { id: 'fip-1', floating_ip: '198.18.9.1', port_id: 'port-1' },
  ],
  ['openstack_compute_instance_v2', 'database', { id: 'vm-2', name: 'old-db', region: 'GRA7', flavor_name: 'b2-7' }],
  ['openstack_blockstorage_volume_v3', 'data', { id: 'vol-1', size: 40, name: 'old-data' }],
  ['openstack_compute_volume_attach_v2', 'data', { id: 'vm-2/vol-1', instance_id: 'vm-2', volume_id: 'vol-1' }],
  ['openstack_networking_secgroup_v2', 'web', { id: 'sg-1', name: 'web' }],
];

/** Basegun on AWS: an address, and a bucket with what is set of it */
export const awsState: readonly Resource[] = [
  [
    'aws_instance',
    'web',
    {
      id: 'i-1',
      instance_type: 't3.medium',
      availability_zone: 'eu-west-3a',
      private_ip: '172.31.0.5',
      public_ip: '198.18.9.2',
    },
  ],
  ['aws_eip', 'web', { id: 'eipalloc-1', allocation_id: 'eipalloc-1', domain: 'vpc', public_ip: '198.18.9.2' }],
  ['aws_eip_association', 'web', { id: 'eipassoc-1', allocation_id: 'eipalloc-1', instance_id: 'i-1' }],
  ['aws_eip', 'spare', { id: 'eipalloc-2', allocation_id: 'eipalloc-2', domain: 'vpc' }],
  ['aws_s3_bucket', 'photos', { id: 'acme-uploads-2019', bucket: 'acme-uploads-2019' }],
  ['aws_s3_bucket_versioning', 'photos', { id: 'acme-uploads-2019', bucket: 'acme-uploads-2019' }],
  ['aws_ebs_volume', 'plain', { id: 'vol-2', size: 10, encrypted: false }],
  ['aws_vpc', 'own', { id: 'vpc-1', cidr_block: '10.64.0.0/20' }],
  ['aws_subnet', 'own', { id: 'subnet-1', vpc_id: 'vpc-1', cidr_block: '10.64.0.0/24' }],
];

const group = '/subscriptions/0/resourceGroups/old-group/providers';
const inGroup = { resource_group_name: 'old-group', location: 'westeurope' };

/** Lostops on Azure: addresses by way of interfaces, and a data disk */
export const azureState: readonly Resource[] = [
  ['azurerm_resource_group', 'old', { id: '/subscriptions/0/resourceGroups/old-group', name: 'old-group' }],
  [
    'azurerm_linux_virtual_machine',
    'app',
    {
      ...{ ...inGroup, id: `${group}/vm/app`, name: 'app-vm', size: 'Standard_B2s', admin_username: 'admuser' },
      ...{ network_interface_ids: [`${group}/nic/app`], public_ip_address: '198.18.9.3' },
    },
  ],
  [
    'azurerm_network_interface',
    'app',
    { ...inGroup, id: `${group}/nic/app`, ip_configuration: [{ public_ip_address_id: `${group}/ip/app` }] },
  ],
  [
    'azurerm_public_ip',
    'app',
    { ...inGroup, id: `${group}/ip/app`, name: 'app-ip', sku: 'Standard', allocation_method: 'Static' },
  ],
  [
    'azurerm_linux_virtual_machine',
    'database',
    { ...inGroup, id: `${group}/vm/db`, name: 'db-vm', size: 'Standard_B2s' },
  ],
  [
    'azurerm_managed_disk',
    'data',
    { ...inGroup, id: `${group}/disk/data`, name: 'db-data', create_option: 'Empty', disk_size_gb: 64 },
  ],
  [
    'azurerm_virtual_machine_data_disk_attachment',
    'data',
    {
      id: `${group}/vm/db/dataDisks/data`,
      managed_disk_id: `${group}/disk/data`,
      virtual_machine_id: `${group}/vm/db`,
    },
  ],
  ['azurerm_network_security_group', 'web', { ...inGroup, id: `${group}/nsg/web`, name: 'web' }],
];
