import { get } from 'node:https';
import { z } from 'zod';
import { dockerIfAny } from './docker.ts';
import { placed } from './inputs.ts';
import { receiver } from './receiver.ts';
import { onlyFile } from './tar.ts';

/**
 * ACME certificate authority (Pebble). Its `caCertificate` contains the authority of its directory's certificate and
 * the root of the issued certificates; the root is new at each start.
 */
export const acmeServer = receiver({
  inputs: z.strictObject({
    ...placed,
    /** `address:port` of the name server that it asks for the names that it validates. @default docker's own */
    nameServer: z.string().min(1).optional(),
  }),
  replaceOn: ['name'],
  facts: {
    directoryUrl: ({ address, aliases }) => `https://${aliases[0] ?? address}:14000/dir`,
    managementUrl: ({ address }) => `https://${address}:15000`,
  },
  secrets: {},
  environment: ({ address, aliases, nameServer }) => ({
    HOSTS: [address, ...aliases].join(','),
    ...(nameServer !== undefined && { NAME_SERVER: nameServer }),
  }),
  data: { folder: '/data' },
  found: ['caCertificate'],
  ready: async ({ name, address }) => {
    const archive = await dockerIfAny('GET', `/containers/${name}/archive`, { query: { path: '/data/ca.pem' } });
    if (archive === undefined) return undefined;
    const caCertificate = onlyFile(archive);
    const directory = await asked(`https://${address}:14000/dir`, caCertificate);
    const root = await asked(`https://${address}:15000/roots/0`, caCertificate);
    return directory && root ? { caCertificate: `${caCertificate.trimEnd()}\n${root}` } : undefined;
  },
});

/** Returns the body of a response with status 200, verified against that authority; `undefined` after two seconds */
function asked(url: string, ca: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = get(url, { ca, agent: false, timeout: 2000 }, (response) => {
      let body = '';
      response.on('data', (data: Buffer) => (body += data.toString()));
      response.on('end', () => resolve(response.statusCode === 200 ? body : undefined));
    });
    request.on('timeout', () => request.destroy()).on('error', () => resolve(undefined));
  });
}
