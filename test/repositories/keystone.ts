import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Login {
  username: string;
  password: string;
  project: string;
  region: string;
}

/**
 * Starts what stands in for OpenStack's Keystone in front of a Swift without one: it gives a token, by the third version
 * of its interface, for the one right login, and passes on requests with that token alone
 */
export async function keystone(swift: number, login: Login): Promise<{ url: string; close(): void }> {
  const token = randomBytes(16).toString('hex');
  const server = createServer(async (asked, answer) => {
    if (asked.url?.startsWith('/v3/auth/tokens')) return tokens(asked, answer);
    if (asked.headers['x-auth-token'] !== token) return void answer.writeHead(401).end();
    const { method = 'GET', url = '/', headers } = asked;
    const passed = request({ host: '127.0.0.1', port: swift, method, path: url, headers }, (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers);
      given.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: `${own}/v3`, close: () => void server.close().closeAllConnections() };

  async function tokens(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { identity, scope } = JSON.parse(await text(asked)).auth;
    const { user } = identity.password;
    const given = [user.name, user.password, user.domain.name, scope.project.name, scope.project.domain.name];
    if (given.join() !== [login.username, login.password, 'Default', login.project, 'Default'].join())
      return void answer
        .writeHead(401, { 'content-type': 'application/json' })
        .end('{"error":{"message":"unauthorized"}}');
    const endpoint = { interface: 'public', region: login.region, region_id: login.region, url: `${own}/v1/AUTH_test` };
    const catalog = [{ type: 'object-store', name: 'swift', endpoints: [endpoint] }];
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const body = JSON.stringify({ token: { expires_at: until, methods: ['password'], catalog } });
    answer.writeHead(201, { 'content-type': 'application/json', 'x-subject-token': token }).end(body);
  }
}
