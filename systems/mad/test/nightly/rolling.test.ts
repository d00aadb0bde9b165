import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { atRate } from '../../../../test/e2e/atRate.ts';
import { berthOn } from '../../../../test/e2e/berth.ts';
import { type Client, client, eventually } from '../../../../test/e2e/client.ts';
import { inMachine, machineContainer, stdoutOf, type TestStack } from '../../../../test/e2e/stack.ts';
import { type Place, placeOf } from '../e2e/fleet/beside.ts';
import { type Group, startGroup } from '../e2e/fleet/group.ts';
import { machine, madStack } from '../e2e/fleet/local.ts';

// A fleet of the API: more machines, fewer machines, and a machine on which a new version fails

let stack: TestStack;
let api: Client;
let place: Place;
let group: Group | undefined;

beforeAll(async () => {
  stack = await madStack({ api: { ...machine, count: 2 } });
  await up();
  const { machines } = await stack.outputs();
  const address = machines['mad-balancer-0']?.publicAddress ?? '';
  api = await client(stack, address, 'api.mad.localhost');
  place = await placeOf(stack, { 'api.mad.localhost': address });
});

afterAll(async () => {
  await group?.close();
  api?.close();
  await stack?.remove();
});

async function up(): Promise<string> {
  const { code, output } = await stack.up();
  expect(code, output).toBe(0);
  return output;
}

/** Asks the API as a visitor who has not been there: the balancer may choose any machine */
const newVisitor = () => api.get('/whoami', { cookie: `berth_visitor=${randomBytes(16).toString('hex')}.session` });

/** The machines of the API to which the balancer leads sixty new visitors */
async function answering(): Promise<number> {
  const answers = await Promise.all(Array.from({ length: 60 }, newVisitor));
  return new Set(answers.map(({ body }) => JSON.parse(body).instance)).size;
}

/** Ten new visitors a second ask the API while the work is done; returns what went wrong for them */
async function underLoad(work: () => Promise<void>): Promise<readonly string[]> {
  const failures: string[] = [];
  const traffic = atRate(10, async (number) => {
    try {
      const { status, body } = await newVisitor();
      if (status !== 200) failures.push(`request ${number}: ${status} ${body.slice(0, 200)}`);
    } catch (error) {
      failures.push(`request ${number}: ${error}`);
    }
  });
  let requests = 0;
  await work().finally(async () => {
    requests = await traffic.stop();
  });
  expect(requests).toBeGreaterThan(100);
  return failures;
}

/**
 * Expects the visitors to be connected soon, each with its record. On a quiet computer they are away for less than 5 s;
 * beside the stacks of other tests they have longer
 */
async function allBack(visitors: Group): Promise<void> {
  await visitors.allConnected(15);
  const report = await visitors.report();
  expect(report.longestGapMs, JSON.stringify(report)).toBeLessThanOrEqual(15_000);
  const recorded = (JSON.parse((await api.get('/clients')).body) as { id: string }[]).map(({ id }) => id);
  expect(recorded).toEqual(expect.arrayContaining([...visitors.ids]));
}

test('from two machines to four and then to one, under load: no request fails, every websocket is soon back', async () => {
  const visitors = await startGroup(place, [
    { kind: 'websocket', count: 20, transports: ['websocket'], tells: true },
    { kind: 'both', count: 4, transports: ['polling', 'websocket'], tells: true },
  ]);
  group = visitors;
  await visitors.allConnected(60);
  const failures = await underLoad(async () => {
    for (const count of [4, 1]) {
      await stack.configure({ api: { ...machine, count, rolling: { atOnce: 2 } } });
      await up();
      expect(await answering()).toBe(count);
      await allBack(visitors);
      const { machines } = await stack.outputs();
      expect(Object.keys(machines).filter((name) => name.startsWith('mad-api-'))).toHaveLength(count);
    }
  });
  expect(failures).toEqual([]);
  expect(Object.keys((await visitors.report()).instances)).toHaveLength(1);
  expect(await Promise.all(['api-0', 'api-1'].map((machine) => machineContainer(stack, machine)))).toEqual([
    expect.stringMatching(/-api-0$/),
    '',
  ]);
  await visitors.close();
  group = undefined;
});

test('a machine on which a new version fails stops the rest; the status says which machine runs what', async () => {
  await stack.configure({ api: { ...machine, count: 3 } });
  await up();
  const address = await registryAddress();
  await inMachine(stack, `ip route add blackhole ${address}`, 'api-1');
  await stack.configure({ versions: { api: 'v1.0.1' } });
  const failures = await underLoad(async () => {
    const failed = await stack.up();
    expect(failed.code, failed.output).not.toBe(0);
    expect(failed.output).toContain('mad-api-1-release');
    expect(failed.output).not.toContain('mad-api-2-release');
  });
  expect(failures).toEqual([]);
  expect(await rolesTold()).toEqual([
    expect.stringMatching(/^api at v1\.0\.0 mad-api@sha256:\w+ healthy, 1 of 3: mad-api-0$/),
    expect.stringMatching(/^api at v1\.0\.0 mad-api@sha256:\w+ BEHIND, healthy, 2 of 3: mad-api-1, mad-api-2$/),
  ]);
  await inMachine(stack, `ip route del blackhole ${address}`, 'api-1');
  // The first machine has it already
  expect(await up()).not.toContain('mad-api-0-release');
  expect(await rolesTold()).toEqual(['api at v1.0.0 healthy, 3 of 3: mad-api-0, mad-api-1, mad-api-2']);
  expect(await eventually(10, answering, (machines) => machines === 3)).toBe(3);
});

/** Address of the registry from which machines pull */
async function registryAddress(): Promise<string> {
  const words = ['ps', '--format', '{{.Names}}', '--filter', `name=${stack.place.stack}.*-registry$`];
  const registry = (await stdoutOf('docker', words)).trim();
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  return (await stdoutOf('docker', ['inspect', '--format', format, registry])).trim();
}

/** What `berth status` says of the API's machines, by groups */
async function rolesTold(): Promise<readonly string[]> {
  const { stdout } = await berthOn(stack, ['status', stack.place.stack]);
  const words = stdout.split('\n').map((line) => line.split(/ +/));
  return words.flatMap(([, what, ...said]) => (what === 'role' ? [said.join(' ')] : []));
}
