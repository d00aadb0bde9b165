import { afterAll, beforeAll, expect, test } from 'vitest';
import { atRate } from './atRate.ts';
import { berthOn } from './berth.ts';
import { type Client, client } from './client.ts';
import { inMachine, stdoutOf, systemStack, type TestStack } from './stack.ts';

// Mad with a fleet of its API: more machines, fewer machines, and a machine on which a new version fails

const size = { size: 'small', diskGb: 10 };
const password = 'mad-rolling-0123456789';
let stack: TestStack;
let api: Client;

beforeAll(async () => {
  stack = await systemStack({
    name: 'mad',
    entry: {
      ...{ cloud: 'local', version: 'v1.0.0', contact: 'ops@example.org' },
      domains: { api: 'api.mad.localhost', web: 'mad.localhost' },
      api: { ...size, count: 2 },
      ...{ balancer: size, web: size, client: size, redis: size },
    },
    secrets: { redisPassword: password },
  });
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
  const { machines } = await stack.outputs();
  api = await client(stack, machines['mad-balancer-0']?.publicAddress ?? '', 'api.mad.localhost');
});

afterAll(async () => {
  api?.close();
  await stack?.remove();
});

/** Asks the API ten times a second while the work is done; returns the answers that are none of its versions */
async function underLoad(work: () => Promise<void>): Promise<{ requests: number; failures: readonly string[] }> {
  const failures: string[] = [];
  const traffic = atRate(10, async (number) => {
    try {
      const { status, body } = await api.get('/version');
      if (status !== 200) failures.push(`request ${number}: ${status} ${body.slice(0, 200)}`);
    } catch (error) {
      failures.push(`request ${number}: ${error}`);
    }
  });
  await work().finally(async () => {
    await traffic.stop();
  });
  return { requests: await traffic.stop(), failures };
}

/** The balancer's list of machines, as its nginx has it */
const balanced = async (): Promise<number> => {
  const command = 'docker exec $(docker ps --quiet --filter label=berth.service=nginx) nginx -T 2>/dev/null';
  return (
    (await inMachine(stack, `${command} | grep --count '^ *server [0-9]'`, 'balancer-0')).split('\n').map(Number)[0] ??
    0
  );
};

test('from two machines to four and then to one, under load, no request fails', async () => {
  const { requests, failures } = await underLoad(async () => {
    for (const count of [4, 1]) {
      await stack.configure({ api: { ...size, count, rolling: { atOnce: 2 } } });
      const up = await stack.up();
      expect(up.code, up.output).toBe(0);
      expect(await balanced()).toBe(count);
      const machines = Object.keys((await stack.outputs()).machines).filter((name) => name.startsWith('mad-api-'));
      expect(machines).toHaveLength(count);
    }
  });
  expect(failures).toEqual([]);
  expect(requests).toBeGreaterThan(100);
  const left = await stdoutOf('docker', [
    'ps',
    '--all',
    '--format',
    '{{.Names}}',
    '--filter',
    `name=${stack.place.stack}`,
  ]);
  expect(left.split('\n').filter((name) => /-api-\d+$/.test(name))).toHaveLength(1);
});

test('a machine on which a new version fails stops the rest, and the status says which machine runs what', async () => {
  await stack.configure({ api: { ...size, count: 3 } });
  const more = await stack.up();
  expect(more.code, more.output).toBe(0);
  // The second machine reaches no registry any more
  const registry = await stdoutOf('docker', [
    'ps',
    '--format',
    '{{.Names}}',
    '--filter',
    `name=${stack.place.stack}.*-registry`,
  ]);
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  const address = (await stdoutOf('docker', ['inspect', '--format', format, registry.trim()])).trim();
  const second = 'api-1';
  await inMachine(stack, `ip route add blackhole ${address}`, second);
  await stack.configure({ versions: { api: 'v1.0.1' } });
  const { failures } = await underLoad(async () => {
    const up = await stack.up();
    expect(up.code, up.output).not.toBe(0);
    expect(up.output).toContain('mad-api-1-release');
  });
  expect(failures).toEqual([]);
  const status = await berthOn(stack, ['status', stack.place.stack]);
  const lines = status.stdout.split('\n').filter((line) => /^mad +role +api at/.test(line));
  expect(lines, status.stdout + status.stderr).toHaveLength(2);
  expect(lines[0]).toMatch(/mad-api:v1\.0\.1 +healthy, 1 of 3: mad-api-0$/);
  expect(lines[1]).toMatch(/mad-api:v1\.0\.0 +BEHIND, healthy, 2 of 3: mad-api-1, mad-api-2$/);
  await inMachine(stack, `ip route del blackhole ${address}`, second);
  const again = await stack.up();
  expect(again.code, again.output).toBe(0);
  expect(again.output).not.toMatch(/mad-api-0-release updat/);
  const healed = await berthOn(stack, ['status', stack.place.stack]);
  expect(healed.stdout).toMatch(/role +api at v1\.0\.0 +healthy, 3 of 3/);
});
