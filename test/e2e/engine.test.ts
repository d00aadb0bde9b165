import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../freePort.ts';
import { type Client, client, eventually } from './client.ts';
import { drift } from './drift.ts';
import { calendars } from './engine/calendars.ts';
import { chaos } from './engine/chaos.ts';
import { diffs } from './engine/diff.ts';
import { loads } from './engine/load.ts';
import { pings } from './engine/ping.ts';
import { rollbacks } from './engine/rollback.ts';
import { updates } from './engine/updates.ts';
import { type LoadResult, load } from './load.ts';
import { inMachine, machineContainer, stdoutOf, type TestStack, testStack } from './stack.ts';

let stack: TestStack;
let site: Client;

beforeAll(async () => {
  // Published, since `berth update` requests the site from this computer
  stack = await testStack(
    { web: { size: 'small', diskGb: 10, publish: { 443: await freePort() } } },
    {},
    'a project of its own',
  );
  const first = await stack.up();
  expect(first.code, first.output).toBe(0);
  site = await client(stack, (await stack.outputs()).machines['basegun-web-0']?.publicAddress ?? '');
  expect(await answering()).toMatchObject({ status: 200, body: '3.3.0' });
});

afterAll(async () => {
  site?.close();
  await stack?.remove();
});

const answering = () =>
  eventually(
    240,
    () => site.getAnew('/api/version'),
    (answer) => answer.status === 200 && answer.body === '3.3.0',
  );

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** Lists every container with its name, id, which changes when it is recreated, state and start */
const containers = () =>
  inMachine(
    stack,
    "docker ps --all --quiet | xargs docker inspect --format '{{.Name}} {{.Id}} {{.State.Status}} {{.State.StartedAt}}' | sort",
  );

const withoutStarts = (listed: string) => listed.replaceAll(/ \S+Z$/gm, '');

const processOf = (unit: string) => inMachine(stack, `systemctl show --property MainPID --value ${unit}`);

/** Sends requests during a change, from two seconds before it to three after, and returns their result */
async function underLoad(change: () => Promise<unknown>): Promise<LoadResult> {
  const traffic = load(site, 50);
  await pause(2);
  await change().finally(() => pause(3));
  return traffic.stop();
}

test.each(['docker', 'containerd'])(
  'a restart of %s causes no failed request and changes no container',
  async (unit) => {
    const before = { containers: await containers(), process: await processOf(unit) };
    const result = await underLoad(() => inMachine(stack, `systemctl restart ${unit}`));
    expect(result.failures).toEqual([]);
    expect(result.requests).toBeGreaterThan(75);
    expect(await processOf(unit)).not.toBe(before.process);
    expect(await containers()).toBe(before.containers);
    expect(await drift(stack)).toEqual([]);
  },
);

test.each([
  ['a reboot', 'restart --time 60'],
  ['a loss of power', 'kill'],
  ['a reboot with an engine that an operator had stopped', 'stop'],
])('after %s the site and every container start again by themselves', async (_, how) => {
  const before = withoutStarts(await containers());
  const machine = await machineContainer(stack);
  if (how === 'stop') await inMachine(stack, 'systemctl stop docker.socket docker.service containerd.service');
  const traffic = load(site, 10);
  await pause(1);
  const [word = '', ...words] = (how === 'stop' ? 'restart' : how).split(' ');
  await stdoutOf('docker', [word, ...words, machine]);
  if (word === 'kill') await stdoutOf('docker', ['start', machine]);
  expect(await answering()).toMatchObject({ status: 200, body: '3.3.0' });
  await traffic.stop();
  expect(withoutStarts(await containers())).toBe(before);
  const found = await eventually(
    60,
    () => drift(stack),
    (differences) => differences.length === 0,
  );
  expect(found).toEqual([]);
});

describe('berth ping', () => pings(() => stack));

describe('load by k6', () => loads(() => stack));

describe('berth chaos', () =>
  chaos(() => ({ stack, containers, status: async () => (await site.getAnew('/api/version')).status })));

describe('jobs on a calendar', () => calendars(() => stack));

describe('berth update', () => updates(() => ({ stack, containers, processOf, underLoad })));

describe('berth diff', () => diffs(() => stack));

describe('berth rollback', () => rollbacks(() => ({ stack, containers, underLoad })));
