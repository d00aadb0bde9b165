import { get } from 'node:http';

export { eventually } from '../client.ts';

/** Requests a site over plain HTTP, as a TLS gateway would */
export const plainClient = (address: string, domain: string, path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const headers = { host: domain, 'x-forwarded-proto': 'https' };
    get({ host: address, path, headers, timeout: 10_000 }, (response) => {
      let text = '';
      response.on('data', (data: Buffer) => (text += data.toString()));
      response.on('end', () => resolve(text));
    })
      .on('timeout', () => reject(new Error(`${address}${path} does not answer within 10 s`)))
      .on('error', reject);
  });
