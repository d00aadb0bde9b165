import { z } from 'zod';
import type { Cloud } from '../../../src/clouds/cloud.ts';
import { machinesOnly } from '../../../src/clouds/machinesOnly.ts';
import { guided } from '../../../src/config/guide.ts';
import { pathText } from '../../../src/config/path.ts';

const settings = guided(z.strictObject({ yard: z.string().describe('Where its machines stand.') }), {
  allowed: 'a block with yard',
});

declare module '../../../src/model/environment.ts' {
  interface CloudSettings {
    pretend?: z.infer<typeof settings>;
  }
}

const token = { name: 'PRETEND_TOKEN', what: 'a token', from: 'the yard', secret: true };

/** A cloud that there is not: all that a new one takes */
export const pretend: Cloud = {
  name: 'pretend',
  capabilities: { ...machinesOnly, region: 'moon-1', makesNetworks: true, bucketApis: ['s3'] },
  settings,
  problems: ({ system, roles }, { clouds }) => [
    ...(clouds.pretend ? [] : [{ path: pathText(['berth:clouds', 'pretend', 'yard']), message: 'is missing' }]),
    ...Object.entries(roles)
      .filter(([, { size }]) => size !== 'crate')
      .map(([role]) => ({ path: pathText(['berth:systems', system, role, 'size']), message: 'is no crate' })),
  ],
  secrets: ({ buckets }) => Object.fromEntries(buckets.map(({ name }) => [`${name}Key`, `the key of bucket ${name}`])),
  logins: { pretend: { always: [token], ways: [{ name: 'a token', variables: [token] }], onGithub: 'a token' } },
  network: ({ clouds, network }) => `${clouds.pretend?.yard} (${network})`,
  policies: [
    {
      ids: ['PRETEND-1'],
      what: 'a machine is closed',
      type: 'pretend:index:Machine',
      holds: ({ inputs }) => inputs.closed === true,
    },
  ],
  rehearsal: {
    credentials: { PRETEND_TOKEN: 'none' },
    resources: { 'pretend:index:Machine': () => ({ address: '203.0.113.77' }) },
    functions: {},
  },
  words: { providerSetting: 'pretend:region' },
  program: async () => (await import('./program.ts')).pretend,
};
