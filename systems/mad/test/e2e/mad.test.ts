import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { berthOn } from '../../../../test/e2e/berth.ts';
import { authority, type Client, client, eventually } from '../../../../test/e2e/client.ts';
import { leftOf } from '../../../../test/e2e/inspect.ts';
import { answering, answeringFromMachine, openPorts } from '../../../../test/e2e/reach.ts';
import { inMachine, type SystemOutputs, type TestStack } from '../../../../test/e2e/stack.ts';
import { manyVisitors, type Visitors } from './fleet/addresses.ts';
import type { Place } from './fleet/beside.ts';
import { fleet } from './fleet/fleet.ts';
import { machine, madStack, password } from './fleet/local.ts';

// Seven machines: two of the API behind their balancer, the page behind another, a client, and Redis in the cache's place.

const machines = ['redis-0', 'api-0', 'api-1', 'balancer-0', 'web-0', 'client-0', 'front-0'] as const;

let stack: TestStack;
let outputs: SystemOutputs;
let page: Client;
let api: Client;
let place: Place;
let visitors: Visitors;

beforeAll(async () => {
  stack = await madStack({ api: { ...machine, count: 2 } });
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
  expect(up.output).not.toContain(password);
  outputs = await stack.outputs();
  page = await client(stack, addressOf('front-0'), 'mad.localhost');
  api = await client(stack, addressOf('balancer-0'), 'api.mad.localhost');
  visitors = await manyVisitors(stack, addressOf('balancer-0'));
  const roots = join(stack.place.folder, 'roots.pem');
  await writeFile(roots, await authority(stack));
  const hosts = { 'api.mad.localhost': addressOf('balancer-0'), 'mad.localhost': addressOf('front-0') };
  place = { stack, hosts, roots };
});

afterAll(async () => {
  page?.close();
  api?.close();
  // A network goes after those on it
  await visitors?.peer.remove();
  await stack?.remove();
});

const addressOf = (machine: string): string => outputs.machines[`mad-${machine}`]?.publicAddress ?? '';

test('the page finds its API, which hears the client', async () => {
  const answer = await eventually(
    20,
    () => page.get('/'),
    ({ status }) => status === 200,
  );
  expect(answer.body).toContain('<title>Mad');
  expect((await page.get('/version')).body).toBe('v1.0.0\n');
  const { apiUrl } = JSON.parse((await page.get('/config.json')).body);
  expect(apiUrl).toBe('https://api.mad.localhost');
  // The way a report took: every machine of the API knows the client from Redis
  const keys = await inMachine(stack, 'docker exec mad-base-redis-1 redis-cli --no-raw keys "client_*"', 'redis-0');
  expect(keys).toContain('client_');
});

test('every service on every machine is healthy, or has nobody who asks', async () => {
  for (const machine of machines) {
    const states = await inMachine(stack, 'docker ps --all --format "{{.Names}} {{.Status}}"', machine);
    for (const line of states.trim().split('\n')) expect(line).toMatch(/\(healthy\)|traefik-1 Up|client-1 Up/);
  }
});

test('a visitor stays with one machine of the API; several visitors reach both', async () => {
  const reached = await Promise.all(
    visitors.addresses.map(async (address) => {
      const instances = await visitors.machinesOf(address, 5);
      expect(new Set(instances).size, `visitor ${address} met ${instances.join(', ')}`).toBe(1);
      return instances[0];
    }),
  );
  expect(new Set(reached).size).toBe(2);
});

test('what the machines of a role say is told together, in order of time and without a secret', async () => {
  const process = "$(docker inspect --format '{{.State.Pid}}' $(docker ps --quiet --filter label=berth.service=api))";
  const says = (machine: string, text: string) => inMachine(stack, `echo '${text}' >/proc/${process}/fd/1`, machine);
  for (const [machine, text] of [
    ['api-1', 'first'],
    ['api-0', `second ${password}`],
    ['api-1', 'third'],
  ] as const)
    await says(machine, text);
  const { place } = stack;
  const { code, stdout, stderr } = await berthOn(stack, [
    'logs',
    place.stack,
    'mad',
    '--role',
    'api',
    '--since',
    '10m',
  ]);
  expect(code, stderr).toBe(0);
  const told = stdout.split('\n').map((line) => line.split(' ').slice(1).join(' '));
  expect(told.filter((line) => /first|second|third/.test(line))).toEqual([
    'mad-api-1 api | first',
    'mad-api-0 api | second [secret]',
    'mad-api-1 api | third',
  ]);
});

test('Redis answers nobody without its password', async () => {
  const ask = 'exec 9<>/dev/tcp/127.0.0.1/6379; printf "PING\\r\\n" >&9; head -1 <&9';
  expect(await inMachine(stack, ask, 'redis-0')).toContain('NOAUTH');
});

test('a second up changes nothing', async () => {
  const second = await stack.up('--expect-no-changes');
  expect(second.code, second.output).toBe(0);
});

test('from each machine and from a stranger, the ports that answer are those that the matrix opens', async () => {
  const open = await openPorts(stack);
  const role = (machine: string): string => machine.replace(/-\d+$/, '');
  const found = await answering(visitors.peer, machines.map(addressOf), spans);
  for (const to of machines)
    expect(found[addressOf(to)], `from a stranger to ${to}`).toEqual(open('internet', role(to)));
  for (const from of machines) {
    const others = machines.filter((machine) => role(machine) !== role(from));
    const found = await answeringFromMachine(stack, from, others.map(addressOf), spans);
    for (const to of others) expect(found[addressOf(to)], `from ${from} to ${to}`).toEqual(open(role(from), role(to)));
  }
});

/** With Redis' port: the computer tracks each connection that it opens for two minutes, and has room for so many */
const spans = '1-4000,6000-6500';

describe('fleet', () =>
  fleet(() => ({ place, api, release, machinesReached: async () => (await visitors.oneOfEach()).size })));

/** Expects that no request fails, whichever machine a visitor stays with, and that no other machine changes */
async function release(): Promise<void> {
  const others = machines.filter((machine) => !machine.startsWith('api'));
  const containers = () =>
    Promise.all(others.map((machine) => inMachine(stack, 'docker ps -q --no-trunc | sort', machine)));
  const before = await containers();
  const loads = [...(await visitors.oneOfEach()).values()].map(visitors.load);
  expect(loads).toHaveLength(2);
  await stack.configure({ versions: { api: 'v1.0.1' } });
  const released = await stack.up();
  expect(released.code, released.output).toBe(0);
  expect((await api.get('/version')).body).toBe('v1.0.1');
  await visitors.end();
  for (const answers of await Promise.all(loads)) {
    const lines = answers.split('\n');
    expect(lines.filter((line) => !/^v1\.0\.[01] 200$/.test(line))).toEqual([]);
    expect(new Set(lines)).toEqual(new Set(['v1.0.0 200', 'v1.0.1 200']));
  }
  expect(await containers()).toEqual(before);
}

test('taken down, it leaves no container, network or volume', async () => {
  await visitors.peer.remove();
  const destroyed = await stack.pulumi('destroy', '--yes', '--skip-preview', '--non-interactive');
  expect(destroyed.code, destroyed.output).toBe(0);
  expect(await leftOf(stack)).toEqual([]);
});
