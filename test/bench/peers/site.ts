import { Agent, request } from 'node:http';
import type { Answer, Client } from '../../e2e/client.ts';

/** HTTP client of a machine's site, as the TLS gateway in front of it: it keeps its connections */
export function gatewayClient(address: string, domain: string): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  const ask = (method: string, path: string, by: Agent | false, headers: Record<string, string> = {}, body?: Buffer) =>
    new Promise<Answer>((resolve, reject) => {
      const all = { host: domain, 'x-forwarded-proto': 'https', ...headers };
      const sent = request(
        { host: address, port: 80, agent: by, method, path, headers: all, timeout: 30_000 },
        (response) => {
          let text = '';
          response.on('data', (data: Buffer) => (text += data.toString()));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
          );
          response.on('error', reject);
        },
      );
      sent.on('timeout', () => sent.destroy(new Error('no answer within 30 s'))).on('error', reject);
      sent.end(body);
    });
  return {
    get: (path, headers) => ask('GET', path, agent, headers),
    getAnew: (path) => ask('GET', path, false),
    post(path, { name, data }) {
      const boundary = 'peers-boundary';
      const head = `--${boundary}\r\nContent-Disposition: form-data; name="image"; filename="${name}"\r\n\r\n`;
      const body = Buffer.concat([Buffer.from(head), data, Buffer.from(`\r\n--${boundary}--\r\n`)]);
      const type = { 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': `${body.length}` };
      return ask('POST', path, agent, type, body);
    },
    close: () => agent.destroy(),
  };
}
