import { z } from 'zod';
import { clouds as registry } from '../../../src/clouds/registry.ts';
import { domainName, version } from '../../../src/config/fields.ts';
import { machineOptions } from '../../../src/config/machineFields.ts';
import type { Systems } from '../../../src/config/schema.ts';
import type { Clouds } from '../../../src/model/cloud.ts';
import type { System } from '../../../src/model/system.ts';
import { machinesAsked } from '../../../src/parts/machines.ts';
import basegun from '../../../systems/basegun/system.ts';

const options = z.strictObject({ version, domain: domainName, web: machineOptions });
type Options = z.infer<typeof options>;

/** A second system, with secrets of its own */
const shop: System<Options> = {
  name: 'shop',
  options,
  roles: { web: { slot: 0 } },
  pins: ['version'],
  secrets: () => ({ databasePassword: 'the password of its database', paymentToken: "the payment provider's token" }),
  blueprint: ({ domain, version, web }) => ({
    system: 'shop',
    version,
    url: `https://${domain}/`,
    probe: { path: '/' },
    roles: {
      web: { ...machinesAsked(web, { address: 'public' }), services: [] },
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

/** All of them; the local one has a single size */
export const clouds: Clouds = {
  ...registry,
  ...(registry.local && {
    local: {
      ...registry.local,
      capabilities: { ...registry.local.capabilities, sizes: { small: { memoryMb: 2048, cpus: 2 } } },
    },
  }),
};
