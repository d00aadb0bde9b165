import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { ClusterLogin } from './kubeconfig.ts';

export interface Answer {
  status: number;
  body: unknown;
}

/** Asks a cluster's API for a path, or posts an object to it */
export type Ask = (path: string, object?: object) => Promise<Answer>;

/**
 * Returns what asks a cluster; a request fails where the server does not answer in time or is another one than the login
 * names
 */
export const asking =
  (login: ClusterLogin): Ask =>
  (path, object) =>
    new Promise((resolve, reject) => {
      const { server, authority, serverName, unchecked, token, certificate, key } = login;
      const asked = request(
        new URL(path, server),
        {
          method: object ? 'POST' : 'GET',
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
        },
        (response) => {
          const { statusCode: status = 0 } = response;
          text(response).then((body) => resolve({ status, body: parsed(body) }), reject);
        },
      );
      asked.on('timeout', () => asked.destroy(new Error(`no answer within ${answerMilliseconds / 1000} s`)));
      asked.on('error', reject);
      asked.end(object && JSON.stringify(object));
    });

const answerMilliseconds = 15_000;

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
