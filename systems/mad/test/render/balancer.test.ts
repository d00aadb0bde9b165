import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { containerName, docker } from '../../../../test/render/docker.ts';
import { rendered, run } from './scene.ts';

// The balancer's nginx between visitors and two machines of the API: which machine answers whom, and what if one fails

const visitors = Array.from({ length: 12 }, (_, index) => index + 10);
const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** A machine that answers with its number, what it was asked to upgrade to, and the request's name */
const machineConf = (machine: number, answer = `return 200 "${machine} $http_connection $http_x_request_id\\n"`) =>
  `pid /tmp/machine-${machine}.pid; error_log /dev/stderr; events {}
http {
  access_log /tmp/machine-${machine}.log;
  ${folders.map((kind) => `${kind}_temp_path /tmp/m${machine}-${kind};`).join(' ')}
  server { listen 127.0.0.${2 + machine}:3000; location / { ${answer}; } }
}`;

const files = {
  'machine-0.conf': machineConf(0),
  'machine-1.conf': machineConf(1),
  // Closes each connection once it has read a request
  'silent-0.conf': machineConf(0, 'return 444'),
};
let started = false;

// Once; by each test, so that all are skipped where the image has not been made
beforeEach(async (context) => {
  if (started) return;
  const balancer = rendered('balancer');
  const all = { ...balancer, files: { ...balancer.files, ...files } };
  const { code, output } = await run(all, balancer.service.command ?? [], context, '--detach');
  expect(code, output).toBe(0);
  started = true;
  await inside('nginx -c /etc/berth/machine-0.conf; nginx -c /etc/berth/machine-1.conf');
});

afterAll(async () => {
  await docker('rm', '--force', containerName('nginx'));
});

const inside = async (script: string): Promise<string> =>
  (await docker('exec', containerName('nginx'), 'bash', '-c', script)).output;

/** A request's command; `from` is the end of the visitor's address */
const ask = (from: number, path: string, ...words: string[]): string =>
  `curl -sS ${words.join(' ')} -H "X-Forwarded-For: 198.51.100.${from}" "http://localhost:8080${path}"`;

const upgrade = '-H "Upgrade: websocket" -H "Connection: Upgrade"';
/** Keeps cookies, as a browser does */
const jar = (visitor: number): string => `-b /tmp/jar-${visitor} -c /tmp/jar-${visitor}`;
/** All requests of a session: handshake, two at once as Socket.IO does, and the change to a websocket */
const session = (name: string): string[] => [
  '/socket.io/?transport=polling',
  `/socket.io/?transport=polling&sid=${name}`,
  `/socket.io/?transport=polling&sid=${name}&t=2`,
];

/** The machines that answer, request by request */
async function machinesOf(...requests: string[]): Promise<string[]> {
  const answers = await inside(requests.join('; '));
  return answers
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '');
}

const whole = (from: number, name: string, ...words: string[]): string[] => [
  ...session(name).map((path) => ask(from, path, ...words)),
  ask(from, `/socket.io/?transport=websocket&sid=${name}`, upgrade, ...words),
];

test('without cookies, all requests of a session reach one machine, by the whole address', async () => {
  const reached = await Promise.all(visitors.map((visitor) => machinesOf(...whole(visitor, `s${visitor}`))));
  for (const machines of reached) expect(new Set(machines).size, `${machines}`).toBe(1);
  expect(new Set(reached.flat())).toEqual(new Set(['0', '1']));
  // Also without a session, and in the next one
  const later = await Promise.all(visitors.map((visitor) => machinesOf(ask(visitor, '/'), ...whole(visitor, 'other'))));
  expect(later.map((machines) => new Set(machines))).toEqual(reached.map((machines) => new Set(machines)));
});

test('a visitor who keeps cookies stays with the machine of the first request, which bore none', async () => {
  for (const visitor of visitors) {
    const machines = await machinesOf(...whole(visitor, `first-${visitor}_A`, jar(visitor)));
    expect(new Set(machines).size, `${machines}`).toBe(1);
    // And so it is after a while, with the cookie that came meanwhile
    expect(await machinesOf(...whole(visitor, `first-${visitor}_A`, jar(visitor)).slice(1))).toEqual(machines.slice(1));
  }
});

test('visitors behind one address are spread by their cookies, each session to one machine', async () => {
  const begun = visitors.map((visitor) => `behind-${visitor}`);
  const firsts = await Promise.all(
    begun.map((name) => machinesOf(...whole(9, name, `-b /tmp/${name} -c /tmp/${name}`))),
  );
  expect(new Set(firsts.flat()).size).toBe(1);
  const laters = await Promise.all(begun.map((name) => machinesOf(...whole(9, `next-${name}`, `-b /tmp/${name}`))));
  for (const machines of laters) expect(new Set(machines).size, `${machines}`).toBe(1);
  expect(new Set(laters.flat())).toEqual(new Set(['0', '1']));
});

test('a page that shows no cookies gets none by its websocket, so its sessions stay whole', async () => {
  const answer = await inside(ask(9, '/socket.io/?transport=websocket&sid=s1', upgrade, '-D -'));
  expect(answer).not.toContain('Set-Cookie');
  const polled = await inside(ask(9, '/socket.io/?transport=polling&sid=s1', '-D -'));
  expect(polled).toMatch(/Set-Cookie: berth_visitor=[0-9a-f]{32}\.s1; Path=\/; HttpOnly; Secure; SameSite=None/);
  expect(polled.match(/Set-Cookie/g)).toHaveLength(1);
});

test('a cookie of nobody is replaced, and decides nothing', async () => {
  const [plain, forged] = await machinesOf(ask(9, '/'), ask(9, '/', '-b berth_visitor=1'));
  expect(forged).toBe(plain);
  expect(await inside(ask(9, '/?sid=s1', '-b berth_visitor=1', '-D -'))).toContain('Set-Cookie: berth_visitor=');
});

test('sessions that begin as websockets are spread, also from one address', async () => {
  const websockets = visitors.map(() => ask(9, '/socket.io/?transport=websocket', upgrade));
  expect(new Set(await machinesOf(...websockets))).toEqual(new Set(['0', '1']));
});

test('an upgrade is asked of the machine only if the visitor asks for it', async () => {
  expect(await inside(ask(9, '/'))).toMatch(/^[01] {2}/);
  expect(await inside(ask(9, '/', upgrade))).toMatch(/^[01] upgrade /);
});

test('each request has a name, which machine and visitor are told: the one that it came with, if it is one', async () => {
  const named = await inside(ask(9, '/', '-D -', '-H "X-Request-Id: visitor-17.a"'));
  expect(named).toMatch(/^X-Request-Id: visitor-17\.a\r?$/m);
  expect(named).toMatch(/^[01] {2}visitor-17\.a$/m);
  const unnamed = await inside(ask(9, '/', '-D -', '-H \'X-Request-Id: a "b"\''));
  const [, name] = /^X-Request-Id: ([0-9a-f]{32})\r?$/m.exec(unnamed) ?? [];
  expect(unnamed).toMatch(new RegExp(`^[01] {2}${name}$`, 'm'));
});

test('its figures are read beside the public port, not through it', async () => {
  expect(await inside('curl -sS http://localhost:8081/status')).toContain('Active connections');
  expect(await inside(ask(9, '/status'))).toMatch(/^[01] /);
});

test('a GET that a machine fails is asked of the next one, a POST is not', async () => {
  const mine = await visitorOf('0');
  await replaceMachine(0, 'silent-0.conf');
  expect(await machinesOf(ask(mine, '/'))).toEqual(['1']);
  await inside('truncate -s 0 /tmp/machine-0.log /tmp/machine-1.log');
  const posted = await inside(ask(mine, '/', '-d word', '-o /dev/null -w "%{http_code}"'));
  expect(posted).toBe('502');
  expect(await inside('cat /tmp/machine-0.log')).toContain('POST');
  expect(await inside('cat /tmp/machine-1.log')).toBe('');
  await replaceMachine(0, 'machine-0.conf');
});

test('a machine that is gone gets no requests, fails none, and is back within its 10 s', async () => {
  const mine = await visitorOf('0');
  await inside(ended(0));
  const requests = visitors.flatMap((visitor) => [ask(visitor, '/'), ask(visitor, '/', '-d word')]);
  expect(new Set(await machinesOf(...requests))).toEqual(new Set(['1']));
  await inside('nginx -c /etc/berth/machine-0.conf');
  const back = Date.now() + 12_000;
  let [machine, asked] = ['1', 0];
  while (machine === '1' && asked < back) {
    await sleep(500);
    asked = Date.now();
    [machine = ''] = await machinesOf(ask(mine, '/'));
  }
  expect(machine).toBe('0');
});

/** Returns a visitor whose address leads to a machine */
async function visitorOf(machine: string): Promise<number> {
  const reached = await machinesOf(...visitors.map((visitor) => ask(visitor, '/')));
  return visitors[reached.indexOf(machine)] ?? Number.NaN;
}

async function replaceMachine(machine: number, conf: string): Promise<void> {
  await inside(`${ended(machine)}; nginx -c /etc/berth/${conf}`);
}

/** Ends the nginx of a machine, and waits until it is gone */
const ended = (machine: number): string =>
  `pid=$(cat /tmp/machine-${machine}.pid); kill $pid; while kill -0 $pid 2>/dev/null; do sleep 0.1; done`;
