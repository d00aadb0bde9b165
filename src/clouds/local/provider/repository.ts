import { z } from 'zod';
import { answers } from './http.ts';
import { placed } from './inputs.ts';
import { receiver } from './receiver.ts';

/** Git repository that its image holds; machines know it by its alias */
export const repository = receiver({
  inputs: z.strictObject({ ...placed, path: z.string().min(1) }),
  replaceOn: ['name'],
  facts: {},
  secrets: {},
  environment: () => ({}),
  data: { folder: '/var/lib/berth' },
  ready: async ({ address, path }) => ((await answers(`http://${address}/${path}/info/refs`)) ? {} : undefined),
});
