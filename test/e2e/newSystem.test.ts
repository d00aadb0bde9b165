import { readFile, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { baseTag } from '../../src/clouds/local/images/base.ts';
import { type Captured, captured } from '../../src/process/captured.ts';
import { freePort } from '../freePort.ts';
import { eventually } from './client.ts';
import { projectWithBerth } from './installed.ts';

// A product that has a Compose file and nothing else, in a project of its own: written by `berth new`, built, brought up

let project: string;
let port: number;
let written: Captured;
let up: Captured;
const name = `news${process.pid}`.slice(0, 12);

const run = (program: string, ...words: string[]): Promise<Captured> =>
  captured(program, words, { cwd: project, env: process.env });

/** A page that shows what its worker has counted in the Redis of REDIS_URL */
const program = `
import os, socket, sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlparse
place = urlparse(os.environ["REDIS_URL"])
def asked(text):
    with socket.create_connection((place.hostname, place.port), timeout=3) as redis:
        redis.sendall(text)
        return redis.recv(100).decode().split("\\r\\n")
class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        body = "counted " + asked(b"GET counted\\r\\n")[1] if self.path == "/" else os.environ["SITE"]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body.encode())
if sys.argv[1:] == ["work"]:
    while True:
        asked(b"INCR counted\\r\\n")
        time.sleep(0.2)
HTTPServer(("", 8000), Page).serve_forever()
`;

const compose = `x-program: &program
  build: .
  environment: { REDIS_URL: "redis://redis:6379/0", SITE: "http://localhost:8080/here" }
  depends_on: [redis]
services:
  web:
    <<: *program
    ports: ["8080:8000"]
    healthcheck: { test: curl -f http://localhost:8000/health }
  worker:
    <<: *program
    command: python3 -u /program.py work
    stop_grace_period: 5s
  redis:
    image: redis:7-alpine
`;

beforeAll(async () => {
  project = await projectWithBerth(name);
  port = await freePort();
  await writeFile(join(project, 'docker-compose.yml'), compose);
  await writeFile(join(project, 'program.py'), program);
  const packages = 'apt-get update -q && apt-get install -q -y --no-install-recommends python3-minimal python3 curl';
  const dockerfile = `FROM ${baseTag}\nRUN ${packages}\nCOPY program.py /\nCMD ["python3", "-u", "/program.py"]\n`;
  await writeFile(join(project, 'Dockerfile'), dockerfile);
  written = await run('npx', 'berth', 'new', name, '--compose', 'docker-compose.yml');
  const file = join(project, 'systems', name, 'system.ts');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/publish: \{ 443: \d+ \}/, `publish: { 443: ${port} }`));
  const [, image = ''] = /\$ docker build -t (\S+) \./.exec(written.stdout) ?? [];
  const built = await run('docker', 'build', '--quiet', '--tag', image, '.');
  expect(built.code, built.stderr).toBe(0);
  up = await run('npx', 'berth', 'local');
});

afterAll(async () => {
  if (project === undefined) return;
  await run('npx', 'berth', 'local', '--down');
  await run('docker', 'image', 'rm', '--force', `${name}.test/web:1.0.0`);
  await rm(project, { recursive: true, force: true });
});

/** Requests a path as a browser on this computer, without verifying the certificate of the local authority */
const page = (path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const servername = `${name}.localhost`;
    const options = { host: '127.0.0.1', port, path, servername, rejectUnauthorized: false };
    get({ ...options, headers: { host: servername } }, (response) => {
      let text = '';
      response.on('data', (data: Buffer) => (text += data.toString()));
      response.on('end', () => resolve(`${response.statusCode} ${text}`));
    }).on('error', reject);
  });

test('a Compose file becomes a system, in a folder that was no project before', () => {
  expect(written.code, `${written.stdout}${written.stderr}`).toBe(0);
  expect(written.stdout).toContain(`wrote systems/${name}/system.ts`);
  expect(written.stdout).toContain('wrote Pulumi.yaml');
});

test('it comes up at once: its page answers, knows its own address, and its worker works through its Redis', async () => {
  expect(up.code, `${up.stdout}${up.stderr}`).toBe(0);
  expect(up.stdout).toContain(`https://${name}.localhost:${port}`);
  expect(await page('/health')).toBe(`200 https://${name}.localhost:${port}/here`);
  const counted = async () => Number((await page('/')).split(' ')[2]);
  const first = await eventually(30, counted, (count) => count > 0);
  expect(await eventually(30, counted, (count) => count > first)).toBeGreaterThan(first);
});

test('it runs beside what berth has for every system: status, a machine more for its Redis', async () => {
  const { code, stdout } = await run('npx', 'berth', 'status', 'local');
  expect(stdout).toMatch(new RegExp(`${name} +machine +${name}-redis-0`));
  expect(code, stdout).toBe(0);
});
