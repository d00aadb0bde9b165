import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { onScriptedMachine } from './scripted.ts';

// Which answers say that a release is well, to the machine's own scripts: of a new container, and of the edge after a switch.

let server: Server;
let port: number;

/** `/<status>` answers so, with the number of a switch as an edge does; `/stall` begins and never ends */
const answer: RequestListener = (request, response) => {
  const [, what] = (request.url ?? '').split('/');
  response.setHeader('Berth-Generation', '4');
  if (what === 'stall') response.writeHead(200).write('half an ans');
  else response.writeHead(Number(what), { location: '/200' }).end(`answered ${what}`);
};

beforeAll(async () => {
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const files = (path: string, status: string): Record<string, string> => ({
  'state/releases/new/services.tsv': `# head\napp\tcolours\tapp1\t1\t2\t-\t${path}\t1\t${status}\n`,
  'state/releases/new/routes.yaml': '',
  'state/releases/new/secrets': 'answered 5\n',
  containers: '1 app app1 shop-blue running Up\n',
});

test.each([
  ['200', '2..', true],
  ['204', '2..', true],
  ['302', '2..', false],
  ['301', '2..', false],
  ['401', '2..', false],
  ['404', '2..', false],
  ['503', '2..', false],
  ['stall', '2..', false],
  ['401', '401', true],
  ['200', '401', false],
])('what answers %s where %s is right', async (path, status, well) => {
  const container = `colour[app]=blue port[app]=${port}; wait_healthy app`;
  const edge = `EDGE_DOMAIN=localhost EDGE_PORT=${port} EDGE_SCHEME=http EDGE_PATH=/${path} generation=4; edge_follows '${status}'`;
  const [asked, switched] = await Promise.all(
    [container, edge].map((script) => onScriptedMachine(files(`/${path}`, status), script)),
  );
  expect(asked?.code === 0, asked?.output).toBe(well);
  expect(switched?.code === 0, switched?.output).toBe(well);
  if (well || path === 'stall') return;
  const wanted = status === '2..' ? '2xx' : status;
  expect(asked?.output).toContain(`app: http://127.0.0.1:${port}/${path} answers ${path}, expected is ${wanted}`);
  expect(switched?.output).toContain(`the edge shows (release, status): 4 ${path}, expected is 4 ${wanted}`);
});

test('what says nothing is told by its reason', async () => {
  const failed = await onScriptedMachine(files('/', '2..'), 'colour[app]=blue port[app]=1; wait_healthy app');
  expect(failed.output).toMatch(/answers 000 .*(refused|connect)/i);
});
