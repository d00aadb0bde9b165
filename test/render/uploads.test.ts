import { afterAll, beforeAll, expect, type TestContext, test } from 'vitest';
import { parse } from 'yaml';
import type { MachineInput } from '../../src/render/machine.ts';
import { containerName, docker, folderOf, least, ownContainer, required, serviceImage } from './docker.ts';
import { type Machine, startMachine } from './machine.ts';
import { configOf, type RenderedMachine, renderedMachines } from './rendered.ts';

// Every proxy of ours takes as many uploads at once as its options say, in the /tmp and memory that it is given.

let machine: Machine | undefined;
beforeAll(async () => {
  machine = await startMachine('senders');
  await machine?.run('(python3 keep.py >/dev/null 2>&1 &)', { 'keep.py': keeping });
});
afterAll(() => machine?.remove());

/** Where a service behind a proxy would listen: it reads a body and says how long it was, once it is not told to hold */
const behind = 23702;
const keeping = `import http.server as h, threading
go = threading.Event(); go.set()
class Kept(h.BaseHTTPRequestHandler):
  protocol_version = 'HTTP/1.1'
  def do_POST(s):
    size = int(s.headers['Content-Length'])
    s.rfile.read(size)
    if size > 100000: go.wait(60)
    s.say(str(size).encode())
  def do_GET(s):
    go.clear() if s.path == '/hold' else go.set()
    s.say(b'')
  def say(s, said):
    s.send_response(200); s.send_header('Content-Length', str(len(said))); s.end_headers(); s.wfile.write(said)
class Many(h.ThreadingHTTPServer):
  request_queue_size = 200
Many(('127.0.0.1', ${behind}), Kept).serve_forever()`;

/**
 * Posts bodies of these bytes, all of them at once, and prints how many answers had which status. Where some are to be
 * refused, the others are held behind the proxy until these are, and until what is posted beside them is answered
 */
const sending = `import collections, http.client, json, sys, threading, time
port, host, sizes, chunked, refused, beside = [json.loads(word) for word in sys.argv[1:]]
def post(size, seen):
  connection = http.client.HTTPConnection('127.0.0.1', port, timeout=60)
  body = iter([b'x' * 65536] * (size // 65536)) if chunked else b'x' * size
  try:
    try: connection.request('POST', '/api/upload', body, {'Host': host}, encode_chunked=chunked)
    # Who is refused early may still be sending: the answer is there
    except (BrokenPipeError, ConnectionResetError): connection._HTTPConnection__state = 'Request-sent'
    seen[connection.getresponse().status] += 1
  except Exception as error: seen[repr(error)] += 1
def begin(sizes):
  seen = collections.Counter()
  threads = [threading.Thread(target=post, args=(size, seen)) for size in sizes]
  for thread in threads: thread.start()
  return seen, threads
def tell(word):
  behind = http.client.HTTPConnection('127.0.0.1', ${behind}); behind.request('GET', word); behind.getresponse().read()
if refused: tell('/hold')
seen, threads = begin(sizes)
end = time.monotonic() + 50
while sum(seen.values()) < refused and time.monotonic() < end: time.sleep(0.05)
small, others = begin(beside)
for thread in others: thread.join()
tell('/go')
for thread in threads: thread.join()
print(json.dumps([seen, small]))`;

interface Sent {
  port: number;
  host: string;
  sizes: readonly number[];
  chunked?: boolean;
  /** How many of them are answered before the others are */
  refused?: number;
  /** What is posted while those are held */
  beside?: readonly number[];
}

/** How many answers had which status, of the bodies and of what was posted beside them */
async function sendBeside({ port, host, sizes, chunked = false, refused = 0, beside = [] }: Sent) {
  const words = [port, host, sizes, chunked, refused, beside].map((word) => `'${JSON.stringify(word)}'`);
  const answer = await machine?.run(`python3 send.py ${words.join(' ')}`, { 'send.py': sending });
  return JSON.parse(answer?.output ?? '[]') as Record<string, number>[];
}

const send = async (sent: Sent) => (await sendBeside(sent))[0];

const many = (count: number, size: number): readonly number[] => Array.from({ length: count }, () => size);
const five = 5 * 1024 * 1024;

/** A proxy with the /tmp, the memory and the user of its own compose file, on the network of the senders */
async function start(
  image: string,
  spec: { tmpfs: string[]; mem_limit: string; user: string },
  folders: Readonly<Record<string, string>>,
  words: readonly string[],
): Promise<void> {
  const [tmpfs = ''] = spec.tmpfs;
  const place = Object.entries(folders).flatMap(([inside, folder]) => ['--volume', `${folder}:${inside}:ro`]);
  const own = least.map((word) => (word.startsWith('/tmp:') ? tmpfs : word));
  const rights = ['--user', spec.user, '--memory', spec.mem_limit, '--tmpfs', '/var/log/traefik:mode=1777'];
  const network = ['--network', machine?.network ?? ''];
  const options = ['--detach', ...ownContainer('proxy'), ...own, ...rights, ...network, ...place];
  const started = await docker('run', ...options, image, ...words);
  expect(started.code, started.output).toBe(0);
}

const stop = () => docker('rm', '--force', containerName('proxy'));

/** Traefik says 404 until it has read its routes */
async function untilItAnswers(port: number, host: string): Promise<void> {
  const ask = `curl --silent --output /dev/null --write-out '%{http_code}' --header 'Host: ${host}' http://127.0.0.1:${port}/`;
  await machine?.run(`for i in $(seq 200); do [[ $(${ask}) =~ ^(000|404)$ ]] || break; sleep 0.1; done`);
}

function rendered(system: string, role: string): RenderedMachine {
  const found = renderedMachines('prod', system).find(({ input }) => input.machine.role === role);
  if (!found) throw new Error(`prod has no ${role} of ${system}`);
  return found;
}

const specOf = ({ bundle }: RenderedMachine, file: 'edge.yaml' | 'colours.yaml', service: string) =>
  parse(bundle.entries[file] ?? '').services[service];

const imageOf = (input: MachineInput, service: string): string => {
  const found = input.role.services.find(({ name }) => name === service);
  return found?.kind === 'container' ? found.image : '';
};

/** What every edge does: as many as it may, no more, none too big; what is small is never counted */
async function expectLimits(at: { port: number; host: string }): Promise<void> {
  const held = { ...at, sizes: many(30, five), refused: 10, beside: many(40, 1000) };
  expect(await sendBeside(held)).toEqual([{ 200: 20, 429: 10 }, { 200: 40 }]);
  expect(await send({ ...at, sizes: [five + 1] })).toEqual({ 413: 1 });
  expect(await send({ ...at, sizes: [2 * five], chunked: true })).toEqual({ 413: 1 });
  // They were given back: as many again
  expect(await send({ ...at, sizes: many(20, five) })).toEqual({ 200: 20 });
}

test('Traefik takes twenty uploads of 5 MB at once, and says 429 or 413 to what is over', async (context) => {
  const web = rendered('basegun', 'web');
  const image = required(await serviceImage(web.input.role.edge?.image ?? ''), context);
  const routes = (web.bundle.entries['routes.yaml'] ?? '').replaceAll('@frontend@', `${behind}`);
  const folders = {
    '/etc/traefik/start': folderOf(configOf(web, 'traefik')),
    '/etc/traefik/routes': folderOf({ 'routes.yaml': routes }),
  };
  await start(image, specOf(web, 'edge.yaml', 'traefik'), folders, ['--configFile=/etc/traefik/start/traefik.yaml']);
  try {
    const at = { port: 80, host: 'basegun.fr' };
    await untilItAnswers(at.port, at.host);
    await expectLimits(at);
  } finally {
    await stop();
  }
});

/** An nginx in a container, behind such an edge: it has room for as many */
async function expectRoom(context: TestContext, of: RenderedMachine, service: string, upstream: RegExp): Promise<void> {
  const image = required(await serviceImage(imageOf(of.input, service)), context);
  const config = Object.fromEntries(
    Object.entries(configOf(of, service)).map(([name, text]) => [
      name,
      text.replaceAll(upstream, `127.0.0.1:${behind}`),
    ]),
  );
  expect(config['nginx.conf']).toContain(`127.0.0.1:${behind}`);
  const words = ['nginx', '-c', '/etc/berth/nginx.conf', '-g', 'daemon off;'];
  await start(image, specOf(of, 'colours.yaml', service), { '/etc/berth': folderOf(config) }, words);
  try {
    const at = { port: 8080, host: 'any.example.org' };
    await untilItAnswers(at.port, at.host);
    expect(await send({ ...at, sizes: many(20, five) })).toEqual({ 200: 20 });
    expect(await send({ ...at, sizes: [five + 1] })).toEqual({ 413: 1 });
  } finally {
    await stop();
  }
}

test("Basegun's page has room for twenty uploads at once", (context) =>
  expectRoom(context, rendered('basegun', 'web'), 'frontend', /backend:5000/g));

test("Mad's balancer has room for twenty uploads at once", (context) =>
  expectRoom(context, rendered('mad', 'balancer'), 'nginx', /192\.0\.2\.\d+:3000(?= )/g));

test("a machine's own nginx takes twenty uploads at once, and says 429 or 413 to what is over", async (context) => {
  const web = rendered('catalogage', 'web');
  const image = required(await serviceImage('ghcr.io/datalab-mi/basegun/basegun-frontend:3.3.0'), context);
  const routes = (web.bundle.entries['routes.conf'] ?? '')
    .replace(/@(?:client|server)@/g, `${behind}`)
    .replaceAll('@generation@', '7')
    .replace(/listen 443 ssl http2;|listen 80;/g, 'listen 8080;')
    .replaceAll(/^.*\bssl_.*$/gm, '');
  const nginx = `pid /tmp/nginx.pid;\nevents {}\nhttp {\n  client_body_temp_path /tmp/body;\n  proxy_temp_path /tmp/proxy;\n  fastcgi_temp_path /tmp/fastcgi;\n  uwsgi_temp_path /tmp/uwsgi;\n  scgi_temp_path /tmp/scgi;\n  include /etc/berth/routes.conf;\n}\n`;
  const domain = web.input.role.edge?.routes[0]?.domain ?? '';
  const folder = folderOf({
    'nginx.conf': nginx,
    'routes.conf': routes.replaceAll('/var/log/nginx/berth-catalogage', '/tmp'),
  });
  // On its machine bodies lie on the disk
  const spec = { tmpfs: ['/tmp:mode=1777,size=400m'], mem_limit: '500m', user: '10001:0' };
  await start(image, spec, { '/etc/berth': folder }, ['nginx', '-c', '/etc/berth/nginx.conf', '-g', 'daemon off;']);
  try {
    const at = { port: 8080, host: domain };
    await untilItAnswers(at.port, at.host);
    await expectLimits(at);
  } finally {
    await stop();
  }
});
