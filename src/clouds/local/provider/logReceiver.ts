import { z } from 'zod';
import { answers } from './http.ts';
import { placed } from './inputs.ts';
import { randomText } from './random.ts';
import { receiver } from './receiver.ts';

const PORT = 9200;

/**
 * OpenSearch server that receives log lines from Filebeat. It requires no login; the password and token only complete a
 * shipper's settings.
 */
export const logReceiver = receiver({
  inputs: z.strictObject(placed),
  replaceOn: ['name'],
  facts: { host: ({ address }) => address, port: () => PORT, scheme: () => 'http', username: () => 'berth' },
  secrets: { password: () => randomText(32), token: () => randomText(36) },
  environment: () => ({}),
  data: { folder: '/var/lib/opensearch' },
  ready: async ({ address }) => ((await answers(`http://${address}:${PORT}/_cluster/health`)) ? {} : undefined),
});
