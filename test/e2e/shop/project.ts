import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { baseTag } from '../../../src/clouds/local/images/base.ts';
import { type Captured, captured } from '../../../src/process/captured.ts';
import { freePort } from '../../freePort.ts';
import { projectWithBerth } from '../installed.ts';

/** A project of a fifth product, in which berth is installed as a package that `npm pack` makes */
export interface ShopProject {
  folder: string;
  /** Where its page answers on this computer */
  port: number;
  /** Runs `berth` there */
  berth(...words: string[]): Promise<Captured>;
  /** Builds the image of its page, which says this at /greeting */
  build(greeting: string): Promise<void>;
  /** Takes everything down and removes it */
  remove(): Promise<void>;
}

export async function shopProject(): Promise<ShopProject> {
  const folder = await projectWithBerth('shop');
  const port = await freePort();
  const run = (program: string, words: readonly string[]): Promise<Captured> =>
    captured(program, words, { cwd: folder, env: process.env });
  await writeFile(join(folder, 'Pulumi.yaml'), stringify(pulumiFile));
  await mkdir(join(folder, 'systems', 'shop'), { recursive: true });
  const system = await readFile(new URL('system.ts', import.meta.url), 'utf8');
  const image = `shop.test/page-${port}:1.0.0`;
  const own = system.replace('9443', `${port}`).replace('shop.test/page:', `shop.test/page-${port}:`);
  await writeFile(join(folder, 'systems', 'shop', 'system.ts'), own);
  await mkdir(join(folder, 'page'));
  await writeFile(join(folder, 'page', 'Dockerfile'), dockerfile);
  const project: ShopProject = {
    ...{ folder, port },
    berth: (...words) => run('npx', ['berth', ...words]),
    async build(greeting) {
      await writeFile(join(folder, 'page', 'server.py'), server(greeting));
      const built = await run('docker', ['build', '--quiet', '--tag', image, 'page']);
      if (built.code !== 0) throw new Error(`the page's image was not built:\n${built.stderr}`);
    },
    async remove() {
      await project.berth('local', '--down');
      await run('docker', ['image', 'rm', '--force', image]);
      await rm(folder, { recursive: true, force: true });
    },
  };
  return project;
}

/** Pulumi.yaml of the project, as the installation instructions describe it */
const pulumiFile = {
  name: 'shop',
  main: 'node_modules/berth/src/start/program.js',
  runtime: { name: 'nodejs', options: { typescript: false } },
  plugins: { providers: [{ name: 'berthlocal', path: './node_modules/berth/src/clouds/local/provider' }] },
};

const dockerfile = `FROM ${baseTag}
RUN apt-get update -q && apt-get install -q -y --no-install-recommends python3-minimal python3 curl
COPY server.py /
CMD ["python3", "-u", "/server.py"]
`;

/** A page that counts its visitors in a Redis */
const server = (greeting: string): string => `
import os, socket
from http.server import BaseHTTPRequestHandler, HTTPServer
class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        body = os.environ["VERSION"]
        if self.path == "/greeting":
            body = ${JSON.stringify(greeting)}
        if self.path == "/":
            with socket.create_connection((os.environ["REDIS_HOST"], 6379), timeout=3) as redis:
                redis.sendall(b"INCR visitors\\r\\n")
                body = "visitor " + redis.recv(100).decode().strip()[1:]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body.encode())
HTTPServer(("", 8000), Page).serve_forever()
`;

/** Requests a path as a browser on this computer, without verifying the certificate of the local authority */
export const pageOf = ({ port }: Pick<ShopProject, 'port'>, path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, servername: 'shop.localhost', rejectUnauthorized: false };
    get({ ...options, headers: { host: 'shop.localhost' } }, (response) => {
      let text = '';
      response.on('data', (data: Buffer) => (text += data.toString()));
      response.on('end', () => resolve(`${response.statusCode} ${text}`));
    }).on('error', reject);
  });
