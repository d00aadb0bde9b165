import { readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { checkout } from '../../src/paths.ts';
import { k6 } from '../k6.ts';
import { folderOf } from './docker.ts';

const scripts = readdirSync(join(checkout, 'load')).filter((name) => name !== 'site.js');
const servers: Server[] = [];

const outputsOf = (systems: object) => join(folderOf({ 'outputs.json': JSON.stringify({ systems }) }), 'outputs.json');
const system = (url: string) => ({ url, version: '1.2.3', probe: { path: '/version' } });

/** A site that answers its version with this text */
async function site(answers: string, status = 200): Promise<string> {
  const server = createServer(({ url }, response) =>
    response.writeHead(status).end(url === '/version' ? answers : 'page'),
  );
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

// Compiles k6 where nobody has
beforeAll(async () => void (await k6('inspect', 'smoke.js', outputsOf({}))), 600_000);

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

test.each(scripts)('%s is read by k6, and says when a run has failed', async (script) => {
  const { code, stdout, stderr } = await k6('inspect', script, outputsOf({ shop: system('https://shop.test/') }));
  expect(code, stderr).toBe(0);
  const { thresholds, insecureSkipTLSVerify } = JSON.parse(stdout);
  expect(thresholds).toMatchObject({ http_req_failed: [expect.anything()], http_req_duration: expect.anything() });
  // Elsewhere than on this computer a wrong certificate is a failure
  expect(insecureSkipTLSVerify).toBe(false);
});

test('the search for the limit ends where a threshold fails, the stress goes on', async () => {
  const outputs = outputsOf({ shop: system('https://shop.test') });
  const [limit, stress] = await Promise.all([
    k6('inspect', 'breakpoint.js', outputs),
    k6('inspect', 'stress.js', outputs),
  ]);
  for (const [one] of Object.values<[object]>(JSON.parse(limit.stdout).thresholds))
    expect(one).toMatchObject({ abortOnFail: true });
  expect(stress.stdout).not.toMatch(/"abortOnFail": true/);
});

test('without outputs, or with a system that they do not have, it is said which there are', async () => {
  expect((await k6('inspect', 'smoke.js', '')).stderr).toContain('name the outputs of a stack');
  const outputs = outputsOf({ shop: system('https://shop.test') });
  expect((await k6('inspect', 'smoke.js', outputs, '-e', 'SYSTEM=other')).stderr).toContain(
    'the outputs have no system other: they have shop',
  );
});

/** On a computer that does other things as well */
const briefly = ['--vus', '1', '--duration', '2s', '-e', 'SLOWEST=20000'];

test('the smoke test passes where every site answers with its version, plain or as JSON', async () => {
  const outputs = outputsOf({ shop: system(await site('1.2.3\n')), page: system(await site('"1.2.3"')) });
  const { code, stdout, stderr } = await k6('run', 'smoke.js', outputs, ...briefly);
  expect({ code, stderr }, stdout).toMatchObject({ code: 0 });
});

test.each([
  ['another version', '1.2.2', 200],
  ['an error', '1.2.3', 502],
])('the smoke test fails where one of two sites answers %s', async (_, answers, status) => {
  const outputs = outputsOf({ shop: system(await site('1.2.3')), page: system(await site(answers, status)) });
  const { code, stderr } = await k6('run', 'smoke.js', outputs, ...briefly);
  expect({ code, stderr }).toMatchObject({ code: 99, stderr: expect.stringContaining('thresholds on metrics') });
});
