import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { baseTag } from '../../src/clouds/local/images/base.ts';
import { type Captured, captured } from '../../src/process/captured.ts';
import { freePort } from '../freePort.ts';
import { eventually } from './client.ts';
import { projectWithBerth } from './installed.ts';

// A fifth product in another project, in which berth is installed as a package that `npm pack` makes

let project: string;
let port: number;
let image: string;
let first: Captured;

const run = (program: string, words: readonly string[], cwd = project): Promise<Captured> =>
  captured(program, words, { cwd, env: process.env });
const berth = (...words: string[]) => run('npx', ['berth', ...words]);

/** A page that counts its visitors in a Redis */
const server = `
import os, socket
from http.server import BaseHTTPRequestHandler, HTTPServer
class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        body = os.environ["VERSION"]
        if self.path == "/":
            with socket.create_connection((os.environ["REDIS_HOST"], 6379), timeout=3) as redis:
                redis.sendall(b"INCR visitors\\r\\n")
                body = "visitor " + redis.recv(100).decode().strip()[1:]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body.encode())
HTTPServer(("", 8000), Page).serve_forever()
`;

beforeAll(async () => {
  project = await projectWithBerth('shop');
  port = await freePort();
  await writeFile(join(project, 'Pulumi.yaml'), stringify(pulumiFile));
  await mkdir(join(project, 'systems', 'shop'), { recursive: true });
  const system = await readFile(new URL('shop/system.ts', import.meta.url), 'utf8');
  image = `shop.test/page-${port}:1.0.0`;
  const own = system.replace('9443', `${port}`).replace('shop.test/page:', `shop.test/page-${port}:`);
  await writeFile(join(project, 'systems', 'shop', 'system.ts'), own);
  await mkdir(join(project, 'page'));
  await writeFile(join(project, 'page', 'server.py'), server);
  await writeFile(
    join(project, 'page', 'Dockerfile'),
    `FROM ${baseTag}
RUN apt-get update -q && apt-get install -q -y --no-install-recommends python3-minimal python3 curl
COPY server.py /
CMD ["python3", "-u", "/server.py"]
`,
  );
  const built = await run('docker', ['build', '--quiet', '--tag', image, 'page']);
  expect(built.code, built.stderr).toBe(0);
  first = await berth('local');
});

afterAll(async () => {
  if (project === undefined) return;
  await berth('local', '--down');
  await run('docker', ['image', 'rm', '--force', image]);
  await rm(project, { recursive: true, force: true });
});

/** Pulumi.yaml of the project, as the installation instructions describe it */
const pulumiFile = {
  name: 'shop',
  main: 'node_modules/berth/src/start/program.js',
  runtime: { name: 'nodejs', options: { typescript: false } },
  plugins: { providers: [{ name: 'berthlocal', path: './node_modules/berth/src/clouds/local/provider' }] },
};

/** Requests a path as a browser on this computer, without verifying the certificate of the local authority */
const page = (path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, servername: 'shop.localhost', rejectUnauthorized: false };
    get({ ...options, headers: { host: 'shop.localhost' } }, (response) => {
      let text = '';
      response.on('data', (data: Buffer) => (text += data.toString()));
      response.on('end', () => resolve(`${response.statusCode} ${text}`));
    }).on('error', reject);
  });

test('a system needs at most 40 lines', async () => {
  const text = await readFile(new URL('shop/system.ts', import.meta.url), 'utf8');
  expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
});

test('one command deploys it on this computer, with the image that docker has under its name', async () => {
  expect(first.code, `${first.stdout}${first.stderr}`).toBe(0);
  expect(first.stdout).toContain(`https://shop.localhost:${port}`);
  expect(await page('/version')).toBe('200 1.0.0');
  expect(await page('/')).toBe('200 visitor 1');
  expect(await page('/')).toBe('200 visitor 2');
});

test('the command writes an environment file with the system and its version', async () => {
  expect(first.stdout).toMatch(/^created .*Pulumi\.local\.yaml/m);
  const { config } = parse(await readFile(join(project, 'Pulumi.local.yaml'), 'utf8'));
  expect(config['berth:systems'].shop).toMatchObject({ cloud: 'local', version: '1.0.0', web: { size: 'small' } });
});

test('commands know the system, and none of the systems in berth’s own repository', async () => {
  const { code, stdout } = await berth('status', 'local');
  expect(stdout).toMatch(/shop.*1\.0\.0/);
  expect(code, stdout).toBe(0);
  await writeFile(
    join(project, 'Pulumi.prod.yaml'),
    stringify({ config: { 'berth:operators': { networks: [], sshPublicKeys: [] }, 'berth:systems': { basegun: {} } } }),
  );
  const refused = await berth('matrix', 'prod');
  expect(refused.stderr).toMatch(/berth:systems\.basegun \(line \d+\)\n +is not a known key\n +allowed: shop/);
});

/** What a program prints on the machine that watches */
const watching = async (...words: string[]): Promise<string> => {
  const { code, stdout, stderr } = await berth('ssh', 'local', 'shop-monitoring-0', 'sudo', ...words);
  if (code !== 0) throw new Error(`${stdout}${stderr}`);
  return stdout;
};
const prometheus = async (path: string) => {
  const url = `http://127.0.0.1:9090/api/v1/${path}`;
  return JSON.parse(await watching('docker', 'exec', 'shop-base-prometheus-1', 'wget', '-q', '-O', '-', `'${url}'`))
    .data;
};

test('by one line in its file a machine watches the others: every target is up, the Redis among them', async () => {
  const path = join(project, 'Pulumi.local.yaml');
  const file = parse(await readFile(path, 'utf8'));
  const { shop } = file.config['berth:systems'];
  // The edge tells its figures from its next start on
  file.config['berth:systems'].shop = { ...shop, monitoring: true, restartEdge: true };
  file.config['berth:secrets'] = {
    'shop/monitoringUsers': 'ada:$2b$05$RRBP5gokTlPGjiX9ruwiPu.Sfqe4pDbzUpfj2Um66UkfQKtJn1hWS',
    'shop/grafanaPassword': 'the-grafana-0123456789',
  };
  await writeFile(path, stringify(file));
  const { code, stdout, stderr } = await berth('local');
  expect(code, `${stdout}${stderr}`).toBe(0);
  const { activeTargets } = await eventually(
    60,
    () => prometheus('targets'),
    (data) => data.activeTargets?.length > 0 && data.activeTargets.every(({ health }: Target) => health === 'up'),
  );
  expect(activeTargets.map(({ labels, health }: Target) => `${labels.job} ${labels.machine} ${health}`).sort()).toEqual(
    [
      ...['alertmanager shop-monitoring-0 up', 'blackbox shop-monitoring-0 up'],
      ...['node shop-monitoring-0 up', 'node shop-redis-0 up', 'node shop-web-0 up'],
      ...['prometheus shop-monitoring-0 up', 'redis shop-redis-0 up'],
      ...['site-login shop-monitoring-0 up', 'site-login shop-monitoring-0 up', 'site-page shop-web-0 up'],
      'traefik shop-web-0 up',
    ],
  );
  expect(await page('/')).toMatch(/^200 visitor \d+$/);
});

interface Target {
  labels: { job: string; machine: string };
  health: string;
}

test('every query of the dashboard about caches answers with data, and nothing fires', async () => {
  const { panels } = JSON.parse(
    await readFile(new URL('../../templates/grafana/caches.json', import.meta.url), 'utf8'),
  );
  const queries = panels.flatMap(({ targets }: { targets: { expr: string }[] }) => targets.map(({ expr }) => expr));
  expect(queries.length).toBeGreaterThan(6);
  for (const query of queries) {
    const { result } = await eventually(
      60,
      () => prometheus(`query?query=${encodeURIComponent(query)}`),
      (data) => data.result?.length > 0,
    );
    expect(result, query).not.toEqual([]);
  }
  // Alertmanager hears of Prometheus with the first alert, the one that always fires
  const alerts = await eventually(
    120,
    () => berth('alerts', 'local'),
    ({ code }) => code === 0,
  );
  expect(alerts).toMatchObject({ code: 0, stdout: 'shop: nothing fires\n' });
});
