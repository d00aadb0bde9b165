import {
  type Attributes,
  blocksIn,
  numberIn,
  type TerraformImport,
  type TerraformTable,
  textIn,
} from '../../model/terraform.ts';
import { publicNetwork } from './publicNetwork.ts';

/** What of OpenStack's resources is taken over from Terraform */
export const terraform: TerraformTable = {
  provider: 'openstack',
  machines: {
    openstack_compute_instance_v2: (machine) => {
      const networks = blocksIn(machine, 'network');
      const outside = networks.find((network) => textIn(network, 'name') === publicNetwork);
      const inside = networks.find((network) => network !== outside);
      const [disk] = blocksIn(machine, 'block_device');
      return {
        name: textIn(machine, 'name'),
        size: textIn(machine, 'flavor_name'),
        diskGb: disk && numberIn(disk, 'volume_size'),
        region: textIn(machine, 'region'),
        address: (outside && textIn(outside, 'fixed_ip_v4')) ?? textIn(machine, 'access_ip_v4'),
        privateAddress: inside && textIn(inside, 'fixed_ip_v4'),
        isReserved: outside !== undefined,
      };
    },
  },
  imports: {
    openstack_networking_floatingip_v2: {
      ...{ type: 'openstack:networking/floatingIp:FloatingIp', of: 'machine' },
      flaw: (address, _, settings) =>
        textIn(address, 'pool') === publicNetwork ? ofPrivate(settings) : `its pool is not ${publicNetwork}`,
    },
    openstack_blockstorage_volume_v3: volume(),
    openstack_blockstorage_volume_v2: volume(),
    openstack_networking_network_v2: ofNetwork('network:Network'),
    openstack_networking_subnet_v2: {
      ...ofNetwork('subnet:Subnet'),
      range: (subnet) => textIn(subnet, 'cidr'),
    },
    openstack_networking_router_v2: ofNetwork('router:Router'),
    openstack_networking_router_interface_v2: {
      ...ofNetwork('routerInterface:RouterInterface'),
      id: (join) => textIn(join, 'port_id') ?? textIn(join, 'id'),
    },
    openstack_objectstorage_container_v1: {
      ...{ type: 'openstack:objectstorage/container:Container', of: 'bucket', api: 'swift' },
      id: (container) => textIn(container, 'name'),
    },
  },
  links: [
    'openstack_compute_volume_attach_v2',
    'openstack_compute_floatingip_associate_v2',
    'openstack_networking_floatingip_associate_v2',
    'openstack_networking_port_v2',
  ],
  left: [
    [
      /_secgroup(_rule)?_v2$/,
      'berth has a closed group for each role, and opens what the system needs (`berth matrix`)',
    ],
    [/_keypair_v2$/, 'the stack has a deploy key of its own'],
    [/_networking_port_v2$/, 'a port goes with its machine; one with a reserved address is adopted by `address`'],
    [/_dns_/, 'write dnsZone into the settings of the cloud, or keep the record'],
    [/_(attach|associate)_v2$/, 'berth attaches it to the machine that it makes'],
  ],
  settings(all: readonly Attributes[]) {
    const project = all.flatMap((one) => textIn(one, 'tenant_id') ?? []).find((id) => /^[0-9a-f]{32}$/.test(id));
    const isPrivate = all.some((one) => textIn(one, 'cidr') !== undefined && textIn(one, 'network_id') !== undefined);
    return { ...(project !== undefined && { project }), ...(isPrivate && { network: 'private' }) };
  },
  variables: (region) => ({ OS_REGION_NAME: region }),
};

/** The program has these on a private network alone */
const ofPrivate = (settings: Attributes): string | undefined =>
  settings.network === 'private' ? undefined : 'the settings of the cloud do not say network: private';

function ofNetwork(type: string): TerraformImport {
  return { type: `openstack:networking/${type}`, of: 'system', flaw: (_, __, settings) => ofPrivate(settings) };
}

function volume(): TerraformImport {
  return { type: 'openstack:blockstorage/volume:Volume', of: 'machine', needs: 'volume' };
}
