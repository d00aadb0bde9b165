import { get } from 'node:https';
import { z } from 'zod';
import { dockerIfAny } from './docker.ts';
import { placed } from './inputs.ts';
import { receiver } from './receiver.ts';
import { onlyFile } from './tar.ts';

/** A certificate authority that speaks ACME (Pebble). Its issued certificates' root is `<managementUrl>/roots/0`, new at each start. */
export const acmeServer = receiver({
  inputs: z.strictObject(placed),
  replaceOn: ['name'],
  facts: {
    directoryUrl: ({ address, aliases }) => `https://${aliases[0] ?? address}:14000/dir`,
    managementUrl: ({ address }) => `https://${address}:15000`,
  },
  secrets: {},
  environment: ({ address, aliases }) => ({ HOSTS: [address, ...aliases].join(',') }),
  data: { folder: '/data' },
  found: ['caCertificate'],
  ready: async ({ name, address }) => {
    const archive = await dockerIfAny('GET', `/containers/${name}/archive`, { query: { path: '/data/ca.pem' } });
    if (archive === undefined) return undefined;
    const caCertificate = onlyFile(archive);
    return (await trusts(`https://${address}:14000/dir`, caCertificate)) ? { caCertificate } : undefined;
  },
});

/** Whether it answers with a success, by a certificate of that authority, within two seconds. */
function trusts(url: string, ca: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { ca, agent: false, timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy()).on('error', () => resolve(false));
  });
}
