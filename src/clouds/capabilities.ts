import type { Clouds } from '../config/capabilities.ts';

/** What each cloud can do, as plain data: an environment file is checked by it without loading a cloud */
export const capabilities: Clouds = {
  openstack: { region: 'GRA7', adoptsAddresses: true, publishesPorts: false, bucketApis: ['s3', 'swift'] },
  local: { adoptsAddresses: false, publishesPorts: true, bucketApis: ['s3'] },
};
