import { z } from 'zod';
import type { Clouds } from '../../../src/config/capabilities.ts';
import { domainName, version } from '../../../src/config/fields.ts';
import { machineOptions } from '../../../src/config/machineFields.ts';
import type { Systems } from '../../../src/config/schema.ts';
import type { System } from '../../../src/model/system.ts';
import { machines } from '../../../src/parts/machines.ts';
import { basegun } from '../../../src/systems/basegun.ts';

const options = z.strictObject({ version, domain: domainName, web: machineOptions });
type Options = z.infer<typeof options>;

/** A second system, with secrets of its own */
const shop: System<Options> = {
  name: 'shop',
  options,
  secrets: () => ({ databasePassword: 'the password of its database', paymentToken: "the payment provider's token" }),
  blueprint: ({ domain, version, web }) => ({
    system: 'shop',
    version,
    url: `https://${domain}/`,
    probe: { path: '/' },
    roles: {
      web: { ...machines(web, { address: 'public' }), services: [] },
    },
    rules: [],
    buckets: [],
    logStreams: [],
    caches: [],
    balancers: [],
    records: [],
  }),
};

export const systems: Systems = { basegun, shop };

const common = { makesMachines: true, schedules: false, caches: false, balancers: false };

export const clouds: Clouds = {
  openstack: { ...common, region: 'GRA7', adoptsAddresses: true, publishesPorts: false, bucketApis: ['s3', 'swift'] },
  existing: { ...common, makesMachines: false, adoptsAddresses: false, publishesPorts: false, bucketApis: ['s3'] },
  local: {
    ...common,
    adoptsAddresses: false,
    publishesPorts: true,
    bucketApis: ['s3'],
    sizes: { small: { memoryMb: 2048, cpus: 2 } },
  },
};
