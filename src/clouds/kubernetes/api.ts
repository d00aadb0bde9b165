import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { Ask, ClusterAccess } from '../../model/clusterAccess.ts';
import type { ClusterLogin } from './kubeconfig.ts';

/**
 * Returns what asks a cluster; a request fails where the server does not answer in time or is another one than the login
 * names
 */
export const asking =
  (login: ClusterLogin): Ask =>
  (path, object, method = object ? 'POST' : 'GET') =>
    new Promise((resolve, reject) => {
      const asked = opened(login, path, method, object);
      asked.on('response', (response) => {
        const { statusCode: status = 0 } = response;
        text(response).then((body) => resolve({ status, body: parsed(body) }), reject);
      });
      asked.on('timeout', () => asked.destroy(new Error(`no answer within ${answerMilliseconds / 1000} s`)));
      asked.on('error', reject);
      asked.end(object && JSON.stringify(object));
    });

export const accessOf = (login: ClusterLogin): ClusterAccess => ({
  ask: asking(login),
  follow: (path, line) =>
    new Promise((resolve, reject) => {
      const asked = opened(login, path, 'GET');
      asked.on('response', (response: IncomingMessage) => {
        const { statusCode: status = 0 } = response;
        // A program may be silent for long
        asked.setTimeout(0);
        response.on('error', reject);
        const lines = createInterface({ input: response });
        if (status === 200) lines.on('line', line);
        lines.on('close', () => resolve(status));
      });
      asked.on('timeout', () => asked.destroy(new Error(`no answer within ${answerMilliseconds / 1000} s`)));
      asked.on('error', reject);
      asked.end();
    }),
});

function opened(login: ClusterLogin, path: string, method: string, object?: object) {
  const { server, authority, serverName, unchecked, token, certificate, key } = login;
  return request(new URL(path, server), {
    method,
    headers: {
      accept: 'application/json',
      ...(object && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token.trim()}` }),
    },
    ...(authority !== undefined && { ca: authority }),
    ...(serverName !== undefined && { servername: serverName }),
    ...(certificate !== undefined && { cert: certificate }),
    ...(key !== undefined && { key }),
    rejectUnauthorized: !unchecked,
    agent: false,
    timeout: answerMilliseconds,
  });
}

const answerMilliseconds = 15_000;

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
