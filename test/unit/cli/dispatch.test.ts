import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { berth, berthHere, checkout } from './berth.ts';

let server: Server;
let status: number;
let requests: { line: string; body: unknown }[];

beforeEach(async () => {
  status = 204;
  requests = [];
  server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    requests.push({ line: `${request.method} ${request.url}`, body: JSON.parse(text) });
    response.writeHead(status, { 'content-type': 'application/json' }).end(status === 204 ? '' : '{"message":"no"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => new Promise((resolve) => server.close(resolve)));

const environment = () => ({
  GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  GITHUB_REPOSITORY: 'acme/app',
  GITHUB_TOKEN: 'a-token',
});

test('the button is pressed in the repository of the deployments, not in that of the run', async () => {
  const run = await berth(
    [
      'dispatch',
      'preprod',
      '--ref',
      'berth/preprod/basegun',
      '--system',
      'basegun',
      '--repository',
      'acme/infrastructure',
    ],
    checkout,
    environment(),
  );
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(run.stdout).toBe('acme/infrastructure deploys preprod from berth/preprod/basegun, basegun alone\n');
  expect(requests).toEqual([
    {
      line: 'POST /repos/acme/infrastructure/actions/workflows/deploy.yml/dispatches',
      body: { ref: 'berth/preprod/basegun', inputs: { stack: 'preprod', system: 'basegun' } },
    },
  ]);
});

test('a refusal is told with the permission that is wanted, and never the token', async () => {
  status = 403;
  const run = await berthHere(['dispatch', 'prod'], checkout, environment());
  expect(run).toMatchObject({ code: 1, stdout: '' });
  expect(run.stderr).toMatch(/start the deployment of prod from main: 403 .*actions: write/);
  expect(run.stderr).not.toContain('a-token');
  expect(requests[0]?.line).toContain('/repos/acme/app/');
});
