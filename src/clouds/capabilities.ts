import type { Capabilities, Clouds } from '../config/capabilities.ts';

/** Sizes of the local cloud; a machine is never larger than the computer that it stands on */
export const localSizes = {
  small: { memoryMb: 2048, cpus: 2 },
  medium: { memoryMb: 4096, cpus: 2 },
  large: { memoryMb: 8192, cpus: 4 },
} satisfies Capabilities['sizes'];

const common = {
  adoptsAddresses: false,
  publishesPorts: false,
  makesMachines: true,
  schedules: false,
  caches: false,
  balancers: false,
} satisfies Partial<Capabilities>;

/** What each cloud can do, as plain data: an environment file is checked by it without loading a cloud */
export const capabilities: Clouds = {
  openstack: { ...common, region: 'GRA7', adoptsAddresses: true, bucketApis: ['s3', 'swift'] },
  azure: { ...common, region: 'westeurope', schedules: true, bucketApis: ['blob'] },
  existing: { ...common, makesMachines: false, bucketApis: ['s3'] },
  aws: {
    ...common,
    region: 'eu-west-2',
    regionForm: /^[a-z]{2}(?:-[a-z]+)+-\d{1,2}$/,
    adoptsAddresses: true,
    bucketApis: ['s3'],
    schedules: true,
    caches: true,
    balancers: true,
  },
  local: { ...common, publishesPorts: true, bucketApis: ['s3'], sizes: localSizes },
};
