import { renameSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, type TestContext, test } from 'vitest';
import type { Edge } from '../../src/model/edge.ts';
import { bundle } from '../../src/render/bundle.ts';
import { certificateOf, type Pair } from '../certificate.ts';
import {
  containerName,
  docker,
  folderOf,
  least,
  machineImage,
  ownContainer,
  required,
  serviceImage,
  writeFiles,
} from './docker.ts';
import { type Machine, startMachine } from './machine.ts';
import { configOf, type RenderedMachine, renderedMachines, spoil, stacks } from './rendered.ts';

// Traefik has no check of its own: it is started on what is rendered, and asked.

let machine: Machine | undefined;
beforeAll(async () => {
  machine = await startMachine('clients');
  // What the live frontend would be
  await machine?.run('mkdir site; cd site; (python3 -m http.server --bind 127.0.0.1 23702 >/dev/null 2>&1 &)');
});
afterAll(() => machine?.remove());

const all = stacks.flatMap((stack) => renderedMachines(stack, 'basegun').map((rendered) => ({ stack, rendered })));
const [{ rendered: first }] = all as [(typeof all)[number]];
const command = ['--configFile=/etc/traefik/start/traefik.yaml'];

test.for(all)('traefik serves $stack as its routes say', async ({ stack, rendered }, context) => {
  await start(rendered, routesOf(rendered), context);
  const domain = rendered.input.role.edge?.routes[0]?.domain;
  const scheme = stack === 'prod' ? 'http' : 'https';
  const head = await until(
    () => ask(`${scheme}://${domain}`),
    (answer) => /berth-generation: 7/i.test(answer),
  );
  const plain = await ask(`http://${domain}/a?b=c`);
  const log = await stop();

  expect(head).toMatch(/^HTTP\/\S+ 200/);
  // Not where HTTPS is shown on a port of its own: the browser would ask for it on the plain port too
  if (stack === 'local') expect(head).not.toMatch(/strict-transport-security/i);
  else expect(head).toMatch(/strict-transport-security: max-age=63072000/i);
  expect(head).toMatch(/x-content-type-options: nosniff/i);
  expect(head).toMatch(/x-frame-options: DENY/i);
  if (scheme === 'https') {
    const redirect = /^HTTP\S* 301[\s\S]*?location: (\S+)/i.exec(plain)?.[1];
    expect(redirect).toBe(`https://${domain}${stack === 'local' ? ':8443' : ''}/a?b=c`);
  }
  // Without a network the certificate is the one thing that it may miss
  expect(errors(log).filter((line) => !line.includes('Unable to obtain ACME certificate'))).toEqual([]);
});

test('further names of a site answer as it does, or redirect to it with path and query', async (context) => {
  const edge = first.input.role.edge;
  const [route] = edge?.routes ?? [];
  if (!edge || !route) throw new Error('no edge');
  const named: Edge = {
    ...edge,
    routes: [route, { ...route, domain: 'also.example.net' }],
    redirects: [{ from: 'old.example.net', to: 'https://basegun.example.org:8443' }],
  };
  const input = { ...first.input, role: { ...first.input.role, edge: named } };
  await start(first, routesOf({ ...first, bundle: bundle(input) }), context);
  const also = await until(
    () => ask('https://also.example.net'),
    (answer) => /berth-generation: 7/i.test(answer),
  );
  const old = await ask('https://old.example.net/a/b?c=d&e');
  const posted = await ask('https://old.example.net/a/b', '--request POST');
  await stop();
  expect(also).toMatch(/^HTTP\/\S+ 200/);
  expect(old).toMatch(/^HTTP\/\S+ 301[\s\S]*location: https:\/\/basegun\.example\.org:8443\/a\/b\?c=d&e\r\n/i);
  expect(posted).toMatch(/^HTTP\/\S+ 308/);
});

test("a certificate of one's own is served, and a renewed one is read without a restart", async (context) => {
  const edge = first.input.role.edge;
  const domain = edge?.routes[0]?.domain ?? '';
  if (!edge) throw new Error('no edge');
  const [before, after] = [certificateOf([domain]), certificateOf([domain])];
  const tls = {
    kind: 'files',
    certificate: { secret: 'certificate' },
    key: { secret: 'key' },
    httpsPort: 443,
  } as const;
  const rendered = ({ certificate, key }: Pair): RenderedMachine => {
    const role = { ...first.input.role, edge: { ...edge, tls } };
    const input = { ...first.input, role, secrets: { ...first.input.secrets, certificate, key } };
    return { ...first, input, bundle: bundle(input) };
  };
  const certificates = (of: RenderedMachine) =>
    Object.entries(of.bundle.entries).flatMap(([path, text]) => {
      const [, place] = /^files\/etc\/berth\/basegun\/certificate\/(.+)$/.exec(path) ?? [];
      return place === undefined ? [] : [[place, text] as const];
    });
  const routes = folderOf({ 'routes.yaml': routesOf(rendered(before)) });
  const own = folderOf(Object.fromEntries([...certificates(rendered(before)), ...certificates(rendered(after))]));
  expect(certificates(rendered(after))).toHaveLength(2);
  await start(rendered(before), routes, context, ['--volume', `${own}:/etc/berth/basegun/certificate:ro`]);
  const trusted = async (pair: Pair): Promise<string> => {
    const resolved = `--resolve ${domain}:443:127.0.0.1`;
    const words = `curl --silent --max-time 20 --cacert own.pem --output /dev/null --write-out '%{http_code}' ${resolved}`;
    return (await machine?.run(`${words} https://${domain}`, { 'own.pem': pair.certificate }))?.output ?? '';
  };
  const served = await until(
    () => trusted(before),
    (code) => code === '200',
  );
  const early = await trusted(after);
  writeFiles(routes, { 'next.tmp': routesOf(rendered(after)) });
  renameSync(`${routes}/next.tmp`, `${routes}/routes.yaml`);
  const renewed = await until(
    () => trusted(after),
    (code) => code === '200',
  );
  const former = await trusted(before);
  const log = await stop();
  expect([served, early, renewed, former]).toEqual(['200', '000', '200', '000']);
  expect(errors(log)).toEqual([]);
});

test('a gateway alone is believed about who asks', async (context) => {
  const prod = all.find(({ stack }) => stack === 'prod')?.rendered;
  if (!prod) throw new Error('no prod');
  const claimed = "--header 'X-Forwarded-For: 192.0.2.66' --header 'X-Forwarded-Proto: https'";
  // It answers with what it was sent
  const echo = `import http.server as h
class E(h.BaseHTTPRequestHandler):
  def do_GET(s): s.send_response(200); s.end_headers(); s.wfile.write(str(s.headers).encode())
h.HTTPServer(('127.0.0.1', 23704), E).serve_forever()`;
  await machine?.run('(python3 echo.py >/dev/null 2>&1 &)', { 'echo.py': echo });
  await start(prod, routesOf(prod).replaceAll('23702', '23704'), context);
  const answer = await until(
    () => ask('http://basegun.fr', claimed),
    (said) => / 200/.test(said),
  );
  await machine?.run('ip address add 203.0.113.5/32 dev lo');
  const fromGateway = await ask('http://basegun.fr', `--interface 203.0.113.5 ${claimed}`);
  await stop();
  expect(fromGateway).toMatch(/x-forwarded-for: 192\.0\.2\.66, 203\.0\.113\.5/i);
  expect(fromGateway).toMatch(/x-forwarded-proto: https/i);
  expect(answer).toMatch(/x-forwarded-for: 127\.0\.0\.1/i);
  expect(answer).toMatch(/x-forwarded-proto: http\r?\n/i);
  expect(answer).not.toContain('192.0.2.66');
});

test('a mistake in the routes is seen: nothing answers from behind them, and the log says why', async (context) => {
  await start(first, routesOf(first).replace('Host(', 'Hots('), context);
  await until(
    async () => errors((await docker('logs', containerName('traefik'))).output).join(),
    (said) => said !== '',
  );
  const head = await ask(`https://${first.input.role.edge?.routes[0]?.domain}`);
  expect(errors(await stop())).not.toEqual([]);
  expect(head).toMatch(/^HTTP\/\S+ 404/);
  expect(head).not.toMatch(/berth-generation/i);
});

test('a setting that it does not know keeps it from starting', async (context) => {
  const image = required(await serviceImage(first.input.role.edge?.image ?? ''), context);
  const spoiled = spoil(configOf(first, 'traefik'), 'traefik.yaml', 'bufferingSize', 'bufferingSiz');
  const options = [...least, '--network', 'none', '--volume', `${folderOf(spoiled)}:/etc/traefik/start:ro`];
  const answer = await docker('run', ...ownContainer('traefik'), ...options, image, ...command);
  expect(answer.output).toContain('bufferingSiz');
  expect(answer.code).not.toBe(0);
});

const routesOf = ({ bundle }: RenderedMachine): string =>
  (bundle.entries['routes.yaml'] ?? '').replaceAll('@frontend@', '23702').replaceAll('@generation@', '7');

/**
 * The edge with the rights that its machine gives it, on the network of the machine where the frontend listens
 * @param routes their text, or the folder that has them
 */
async function start(
  rendered: RenderedMachine,
  routes: string,
  context: TestContext,
  more: readonly string[] = [],
): Promise<void> {
  const image = required(await serviceImage(rendered.input.role.edge?.image ?? ''), context);
  required(await machineImage, context);
  const files = configOf(rendered, 'traefik');
  const volumes = [
    `${folderOf(files)}:/etc/traefik/start:ro`,
    `${routes.startsWith('/') ? routes : folderOf({ 'routes.yaml': routes })}:/etc/traefik/routes:ro`,
  ];
  const mounts = volumes.flatMap((volume) => ['--volume', volume]);
  const writable = ['/var/lib/acme', '/var/log/traefik'].flatMap((path) => ['--tmpfs', `${path}:mode=0700,uid=10080`]);
  const rights = ['--user', '10080:10080', '--network', machine?.network ?? ''];
  const trust = files['authority.pem'] ? ['--env', 'LEGO_CA_CERTIFICATES=/etc/traefik/start/authority.pem'] : [];
  const options = [
    '--detach',
    ...ownContainer('traefik'),
    ...least,
    ...rights,
    ...mounts,
    ...more,
    ...writable,
    ...trust,
  ];
  const started = await docker('run', ...options, image, ...command);
  expect(started.code, started.output).toBe(0);
}

/** Ends it and gives its log */
async function stop(): Promise<string> {
  const { output } = await docker('logs', containerName('traefik'));
  await docker('rm', '--force', containerName('traefik'));
  return output;
}

async function ask(url: string, more = ''): Promise<string> {
  const resolved = [80, 443].map((port) => `--resolve ${new URL(url).hostname}:${port}:127.0.0.1`).join(' ');
  const answer = await machine?.run(
    `curl --silent --insecure --max-time 20 --dump-header - ${more} ${resolved} '${url}'`,
  );
  return answer?.output ?? '';
}

async function until(get: () => Promise<string>, wanted: (answer: string) => boolean): Promise<string> {
  const end = Date.now() + 60_000;
  for (;;) {
    const answer = await get();
    if (wanted(answer) || Date.now() > end) return answer;
    await sleep(100);
  }
}

// Its log is coloured: no word boundary stands before ERR
const errors = (log: string): string[] => log.split('\n').filter((line) => /(ERR|FTL)\b/.test(line));
