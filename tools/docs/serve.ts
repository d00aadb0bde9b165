import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { extname, join, normalize } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/**
 * Serves a built site on 127.0.0.1 alone: VitePress' own server listens on every address of the computer
 * @param base under which the site was built
 * @param port another one where this is taken. @default 4173
 * @returns the server and the site's address
 */
export async function serveSite(folder: string, base: string, port = 4173): Promise<{ server: Server; url: string }> {
  const server = createServer(async ({ url = '/' }, response) => {
    try {
      const file = join(folder, pathIn(url, base));
      const content = await readFile(file);
      response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(content);
    } catch {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('there is no such page\n');
    }
  });
  await listening(server, port).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    return listening(server, 0);
  });
  const address = server.address();
  return { server, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}${base}` };
}

/** The file of an address, which is never outside of the folder */
function pathIn(url: string, base: string): string {
  const path = normalize(decodeURIComponent(new URL(url, 'http://127.0.0.1').pathname.replace(base, '/')));
  if (path.endsWith('/')) return `${path}index.html`;
  return extname(path) === '' ? `${path}.html` : path;
}

const listening = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
