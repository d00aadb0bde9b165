import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { onScriptedMachine, releaseText, serviceOf } from './scripted.ts';

// Which answers say that a release is well, to the machine's own engine: of a new container, and of the edge after a switch.

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

const files = (path: string, status: string, at = port): Record<string, string> => ({
  'state/releases/new/release.json': releaseText({
    services: [serviceOf({ blue: at, deadlineSeconds: 1, health: { path, deadlineSeconds: 1, status } })],
    edge: {
      ...{ kind: 'traefik', definition: '', user: '', restart: false, routes: 'routes.yaml', domain: 'localhost' },
      ...{ scheme: 'http', port, path, status, certificates: [] },
    },
  }),
  'secrets.json': '["answered 5"]',
  containers: '1 app app1 shop-blue running Up\n',
});

const healthy = 'services.await_healthy(machine, release_of("new").service("app"), "blue", "app")';

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
  const edge = 'sys.exit(0 if edge.follows(machine, release_of("new").edge, 4, release_of("new").edge.status) else 1)';
  const [asked, switched] = await Promise.all(
    [healthy, edge].map((script) => onScriptedMachine(files(`/${path}`, status), script)),
  );
  expect(asked?.code === 0, asked?.output).toBe(well);
  expect(switched?.code === 0, switched?.output).toBe(well);
  if (well || path === 'stall') return;
  const wanted = status === '2..' ? '2xx' : status;
  expect(asked?.output).toContain(`app: http://127.0.0.1:${port}/${path} answers ${path}; expected: ${wanted}`);
  expect(asked?.output).not.toContain('answered 5');
  expect(switched?.output).toContain(`the edge serves (release, status): 4 ${path}; expected: 4 ${wanted}`);
});

test('what says nothing is told by its reason', async () => {
  const failed = await onScriptedMachine(files('/', '2..', 1), healthy);
  expect(failed.output).toMatch(/answers 000 .*(refused|connect)/i);
});
