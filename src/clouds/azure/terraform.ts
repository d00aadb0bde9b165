import { type Attributes, blocksIn, numberIn, type TerraformTable, textIn } from '../../model/terraform.ts';

const machine = (attributes: Attributes) => {
  const [disk] = blocksIn(attributes, 'os_disk');
  return {
    name: textIn(attributes, 'name'),
    size: textIn(attributes, 'size') ?? textIn(attributes, 'vm_size'),
    diskGb: disk && numberIn(disk, 'disk_size_gb'),
    region: textIn(attributes, 'location'),
    address: textIn(attributes, 'public_ip_address') ?? textIn(attributes, 'fqdn'),
    privateAddress: textIn(attributes, 'private_ip_address'),
    user: textIn(attributes, 'admin_username') ?? textIn(attributes, 'username'),
  };
};

/** What of Azure's resources is taken over from Terraform */
export const terraform: TerraformTable = {
  provider: 'azurerm',
  machines: {
    azurerm_linux_virtual_machine: machine,
    azurerm_virtual_machine: machine,
    azurerm_dev_test_linux_virtual_machine: machine,
  },
  imports: {
    azurerm_public_ip: {
      ...{ type: 'azure-native:network:PublicIPAddress', of: 'machine', ending: '-address' },
      flaw: (address) => {
        if (textIn(address, 'sku') !== 'Standard') return 'its SKU is Basic, and berth has Standard';
        return textIn(address, 'allocation_method') === 'Static' ? undefined : 'it is not static';
      },
    },
    azurerm_managed_disk: {
      ...{ type: 'azure-native:compute:Disk', of: 'machine', ending: '-volume', needs: 'volume' },
      flaw: (disk) => {
        const made = textIn(disk, 'create_option');
        return made === 'Empty' ? undefined : `it was made as ${made}, and berth has an empty disk`;
      },
    },
    azurerm_virtual_network: {
      ...{ type: 'azure-native:network:VirtualNetwork', of: 'system', ending: '-network' },
      range: ({ address_space: ranges }) => (Array.isArray(ranges) ? `${ranges[0]}` : undefined),
      flaw: (network, all) =>
        all.some((one) => one.virtual_network_name === network.name) || blocksIn(network, 'subnet').length > 0
          ? 'it has subnets, which that of berth would overlap: berth has a network of its own'
          : undefined,
    },
    azurerm_storage_account: {
      ...{ type: 'azure-native:storage:StorageAccount', of: 'bucket' },
      flaw: ({ infrastructure_encryption_enabled: encrypted }) =>
        encrypted === true ? undefined : 'it has no infrastructure encryption, which can not be turned on later',
    },
    azurerm_storage_container: {
      ...{ type: 'azure-native:storage:BlobContainer', of: 'bucket', ending: '-container' },
      id: (container) => textIn(container, 'resource_manager_id') ?? textIn(container, 'id'),
      bucket: (container) => textIn(container, 'storage_account_name') ?? accountIn(container),
    },
  },
  links: ['azurerm_network_interface', 'azurerm_virtual_machine_data_disk_attachment'],
  left: [
    [
      /_network_security_|_application_security_/,
      'berth has one closed group, and opens what the system needs (`berth matrix`)',
    ],
    [/^azurerm_subnet/, 'berth plans the addresses of its machines, and has a subnet of its own'],
    [/^azurerm_network_interface/, 'an interface goes with its machine'],
    [/^azurerm_resource_group$/, 'resourceGroup in the settings of the cloud names it: it stays'],
    [
      /^azurerm_dev_test_(schedule|lab|virtual_network)/,
      'the lab stays: machines of a lab are kept, with its schedule (--keep-machines)',
    ],
    [/^azurerm_dns_/, 'write dnsZone into the settings of the cloud, or keep the record'],
    [/_data_disk_attachment$/, 'berth attaches it to the machine that it makes'],
  ],
  settings(all) {
    const groups = [...new Set(all.flatMap((one) => textIn(one, 'resource_group_name') ?? []))];
    return groups.length === 1 ? { resourceGroup: groups[0] } : {};
  },
  variables: () => ({}),
};

const accountIn = (container: Attributes): string | undefined =>
  /storageAccounts\/([^/]+)/.exec(textIn(container, 'storage_account_id') ?? '')?.[1];
