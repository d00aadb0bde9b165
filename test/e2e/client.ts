import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import { stdoutOf, type TestStack } from './stack.ts';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** HTTPS client of a machine: requests its public name as a browser would, and trusts only the local authority */
export interface Client {
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** GET over a new connection, as a browser repeats a request whose idle connection was closed */
  getAnew(path: string): Promise<Answer>;
  post(path: string, file: { name: string; data: Buffer }): Promise<Answer>;
  close(): void;
}

export const client = async (
  stack: TestStack,
  address: string,
  domain = 'basegun.localhost',
  timeoutSeconds = 30,
): Promise<Client> => clientThatTrusts(await authority(stack), address, domain, timeoutSeconds);

export function clientThatTrusts(ca: string, address: string, domain: string, timeoutSeconds = 30): Client {
  const agent = new Agent({ ca, keepAlive: true, maxSockets: 20 });
  const base = { host: address, port: 443, servername: domain, ca };
  interface Asked {
    agent?: Agent | false;
    headers?: Record<string, string>;
    body?: Buffer;
  }
  const ask = (method: string, path: string, { agent: by = agent, headers = {}, body }: Asked = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const options = {
        ...base,
        agent: by,
        method,
        path,
        headers: { host: domain, ...headers },
        timeout: timeoutSeconds * 1000,
      };
      const sent = request(options, (response) => {
        let text = '';
        response.on('data', (data: Buffer) => (text += data.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
        response.on('error', reject);
      });
      sent.on('timeout', () => sent.destroy(new Error(`no answer within ${timeoutSeconds} s`))).on('error', reject);
      sent.end(body);
    });
  return {
    get: (path, headers = {}) => ask('GET', path, { headers }),
    getAnew: (path) => ask('GET', path, { agent: false }),
    post(path, { name, data }) {
      const boundary = 'berth-boundary';
      const head = `--${boundary}\r\nContent-Disposition: form-data; name="image"; filename="${name}"\r\n\r\n`;
      const body = Buffer.concat([Buffer.from(head), data, Buffer.from(`\r\n--${boundary}--\r\n`)]);
      const type = `multipart/form-data; boundary=${boundary}`;
      return ask('POST', path, { headers: { 'content-type': type, 'content-length': `${body.length}` }, body });
    },
    close: () => agent.destroy(),
  };
}

/** One request without TLS */
export const plain = (address: string, path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = httpRequest(
      {
        host: address,
        port: 80,
        path,
        headers: { host: 'basegun.localhost', ...headers },
        agent: false,
        timeout: 10_000,
      },
      (response) => {
        let text = '';
        response.on('data', (data: Buffer) => (text += data.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      },
    );
    sent.on('timeout', () => sent.destroy(new Error('no answer within 10 s'))).on('error', reject);
    sent.end();
  });

/** Returns the root certificate of the local certificate authority */
export const authority = (stack: TestStack): Promise<string> => authorityPage(stack, 'roots/0');

/** Returns a page of the local certificate authority's management address */
export async function authorityPage(stack: TestStack, path: string): Promise<string> {
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  const address = (await stdoutOf('docker', ['inspect', '--format', format, await authorityContainer(stack)])).trim();
  return stdoutOf('curl', ['--silent', '--insecure', `https://${address}:15000/${path}`]);
}

/** Returns the name of the local certificate authority's container */
export async function authorityContainer({ place }: TestStack): Promise<string> {
  const words = ['ps', '--format', '{{.Names}}', '--filter', `name=berth-${place.stack}-.*-acme$`];
  return (await stdoutOf('docker', words)).trim();
}

/** Returns a valid picture: BMP, 8 × 8, one colour */
export const picture = (): Buffer => {
  const pixels = Buffer.alloc(8 * 8 * 3, 0x7f);
  const head = Buffer.alloc(54);
  head.write('BM');
  head.writeUInt32LE(54 + pixels.length, 2);
  head.writeUInt32LE(54, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(8, 18);
  head.writeInt32LE(8, 22);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(24, 28);
  return Buffer.concat([head, pixels]);
};

/** Repeats an attempt until its result is good or the time is over, and returns the last result or error */
export async function eventually<T>(
  seconds: number,
  attempt: () => Promise<T>,
  good: (value: T) => boolean,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const began = Date.now();
    const value = await attempt().catch((error: unknown) => error as T);
    if (good(value) || Date.now() > end) return value;
    // An attempt that takes long is often a process or several: it leaves the processors to what is waited for
    const pause = Math.min(Math.max(300, 2 * (Date.now() - began)), 2000);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
