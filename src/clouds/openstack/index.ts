import type { Cloud } from '../cloud.ts';
import { machinesOnly } from '../machinesOnly.ts';
import { openstack as identity, ovh } from './logins.ts';
import { policies } from './policies.ts';
import { prices } from './prices.ts';
import { problems } from './problems.ts';
import { rehearsal } from './rehearsal.ts';
import { settings } from './settings.ts';
import { terraform } from './terraform.ts';

/** OVH Public Cloud: machines, networks and volumes of OpenStack; object storage, log streams and DNS of OVH */
export const openstack: Cloud = {
  name: 'openstack',
  capabilities: {
    ...machinesOnly,
    region: 'GRA7',
    makesNetworks: true,
    adoptsAddresses: true,
    bucketApis: ['s3', 'swift'],
    failover: 'address',
  },
  settings,
  problems,
  logins: { openstack: identity, ovh },
  network: ({ clouds, network }) =>
    clouds.openstack?.network === 'private' ? `network ${network}` : 'network Ext-Net',
  policies,
  prices,
  rehearsal,
  terraform,
  words: { providerSetting: 'openstack:region', sizes: ['s1-2', 'b2-7'] },
  program: async () => (await import('./program.ts')).openstack,
};
