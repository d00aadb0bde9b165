import { Agent, request } from 'node:http';
import type { Answer, Client } from '../../e2e/client.ts';

/**
 * HTTP client of a machine's site, as the TLS gateway in front of it: it keeps its connections. It uploads nothing: these
 * machines have no object storage, and an application that waits for its uploads ends late
 */
export function gatewayClient(address: string, domain: string): Omit<Client, 'post'> {
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  const ask = (path: string, by: Agent | false, headers: Record<string, string> = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const all = { host: domain, 'x-forwarded-proto': 'https', ...headers };
      const sent = request({ host: address, port: 80, agent: by, path, headers: all, timeout: 30_000 }, (response) => {
        let text = '';
        response.on('data', (data: Buffer) => (text += data.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
        response.on('error', reject);
      });
      sent.on('timeout', () => sent.destroy(new Error('no answer within 30 s'))).on('error', reject);
      sent.end();
    });
  return {
    get: (path, headers) => ask(path, agent, headers),
    getAnew: (path) => ask(path, false),
    close: () => agent.destroy(),
  };
}
