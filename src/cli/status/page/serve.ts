import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gathered } from './gather.ts';
import { contentPolicy, messagePage, page } from './page.ts';

const host = '127.0.0.1';

/** Within so many milliseconds, requests are answered with the same page */
const keptMilliseconds = 5000;

/**
 * Serves the page of a stack to browsers of this computer until it is interrupted
 * @throws where the port is taken
 */
export async function servePages(stack: string, port: number): Promise<void> {
  const server = pageServer(async () => page(await gathered(stack)));
  await listening(server, port);
  console.log(
    `http://${host}:${(server.address() as AddressInfo).port}/ shows ${stack}, made anew for each request, until Ctrl-C`,
  );
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve).once('SIGTERM', resolve);
  });
  server.close();
  server.closeAllConnections();
}

/**
 * Returns a server of one page, which is made for the request that asks for it, not oftener than each few seconds
 * @param now in milliseconds
 */
export function pageServer(make: () => Promise<string>, now = Date.now): Server {
  let [last, endedAt]: [Promise<string> | undefined, number] = [undefined, 0];
  const current = (): Promise<string> => {
    if (last && now() - endedAt <= keptMilliseconds) return last;
    // While it is made, nobody begins another
    endedAt = Number.POSITIVE_INFINITY;
    last = make().finally(() => {
      endedAt = now();
    });
    return last;
  };
  return createServer((request, response) => void answer(request, response, current));
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  current: () => Promise<string>,
): Promise<void> {
  const [status, text] = await textFor(request, current);
  response.writeHead(status, {
    ...{ 'content-type': 'text/html; charset=utf-8', 'content-security-policy': contentPolicy },
    ...{ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' },
  });
  response.end(request.method === 'HEAD' ? '' : text);
}

async function textFor(
  { method, url, headers }: IncomingMessage,
  current: () => Promise<string>,
): Promise<[number, string]> {
  // A site elsewhere that gives its own name this address is not answered
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? ''))
    return [421, messagePage('No such site', 'This page has another address.')];
  if (method !== 'GET' && method !== 'HEAD') return [405, messagePage('Not allowed', 'This page can only be read.')];
  if (url !== '/') return [404, messagePage('No such page', 'There is one page, at /.')];
  try {
    return [200, await current()];
  } catch (error) {
    return [500, messagePage('The page could not be made', error instanceof Error ? error.message : String(error))];
  }
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`port ${port} of this computer is taken: name another one, as in --serve ${port + 1}`)
          : error,
      ),
    );
    server.listen(port, host, resolve);
  });
}
