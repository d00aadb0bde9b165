import { z } from 'zod';
import { answers } from './http.ts';
import { placed } from './inputs.ts';
import { receiver } from './receiver.ts';

const PORT = 5000;

/** Registry that machines pull from; it serves a folder of the host read-only */
export const registry = receiver({
  inputs: z.strictObject({ ...placed, data: z.string().startsWith('/', 'an absolute path of this machine') }),
  replaceOn: ['name'],
  facts: { endpoint: ({ address, aliases }) => `${aliases[0] ?? address}:${PORT}` },
  secrets: {},
  environment: () => ({ REGISTRY_STORAGE_MAINTENANCE_READONLY: '{"enabled":true}' }),
  data: { folder: '/var/lib/registry', from: ({ data }) => data },
  ready: async ({ address }) => ((await answers(`http://${address}:${PORT}/v2/`)) ? {} : undefined),
});
