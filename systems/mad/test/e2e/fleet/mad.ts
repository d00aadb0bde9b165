import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { berthOn } from '../../../../../test/e2e/berth.ts';
import { type Client, client, eventually } from '../../../../../test/e2e/client.ts';
import { leftOf } from '../../../../../test/e2e/inspect.ts';
import { inMachine, type SystemOutputs, type TestStack } from '../../../../../test/e2e/stack.ts';
import { manyVisitors, type Visitors } from './addresses.ts';
import { balancers } from './balancers.ts';
import { type Place, placeOf } from './beside.ts';
import { fleet } from './fleet.ts';
import { machine, madStack, password } from './local.ts';
import { redisMembers } from './redis.ts';
import { scanned } from './scan.ts';

export interface Shape {
  /** How many machines of each of these roles; of the other roles there is one */
  counts: { readonly api: 2; readonly balancer?: 2; readonly web?: 2; readonly client?: 2 };
  /** Options of the Redis beside its size. @default a Redis on one machine, without TLS */
  redis?: { readonly tls: boolean; readonly failover: boolean };
}

/** Mad on local machines, in a shape of its own: the page, the API behind its balancers, clients, and Redis in the cache's place */
export function mad({ counts, redis = { tls: false, failover: false } }: Shape): void {
  const numbers: Readonly<Record<string, number>> = { ...counts, redis: redis.failover ? 3 : 1 };
  const cli = `docker exec mad-base-redis-1 redis-cli ${redis.tls ? '--tls --cacert /etc/berth-tls/authority.crt' : ''}`;
  const machines = ['redis', 'api', 'balancer', 'web', 'client', 'front'].flatMap((role) => {
    const count = numbers[role] ?? 1;
    return Array.from({ length: count }, (_, index) => `${role}-${index}`);
  });
  let stack: TestStack;
  let outputs: SystemOutputs & { records: { name: string; value: string }[] };
  /** Of all balancers */
  let address: string;
  let page: Client;
  let api: Client;
  let place: Place<TestStack>;
  let visitors: Visitors;

  beforeAll(async () => {
    const roles = Object.entries(counts).map(([role, count]) => [role, { ...machine, count }]);
    stack = await madStack({ ...Object.fromEntries(roles), front: machine, redis: { ...machine, ...redis } });
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    expect(up.output).not.toContain(password);
    outputs = (await stack.outputs()) as typeof outputs;
    address = outputs.records.find(({ name }) => name === 'api.mad.localhost')?.value ?? '';
    page = await client(stack, addressOf('front-0'), 'mad.localhost');
    api = await client(stack, address, 'api.mad.localhost');
    visitors = await manyVisitors(stack, address);
    place = await placeOf(stack, { 'api.mad.localhost': address, 'mad.localhost': addressOf('front-0') });
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
    expect(await inMachine(stack, `${cli} --no-raw keys "client_*"`, 'redis-0')).toContain('client_');
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
    // Docker notes the time once it has read the line
    const says = (machine: string, text: string) =>
      inMachine(
        stack,
        `api=$(docker ps --quiet --filter label=berth.service=api)
        echo '${text}' >/proc/$(docker inspect --format '{{.State.Pid}}' $api)/fd/1
        until docker logs --tail 100 $api 2>&1 | grep -qF '${text}'; do sleep 0.2; done`,
        machine,
      );
    for (const [machine, text] of [
      ['api-1', 'first'],
      ['api-0', `second ${password}`],
      ['api-1', 'third'],
    ] as const)
      await says(machine, text);
    const words = ['logs', stack.place.stack, 'mad', '--role', 'api', '--since', '10m'] as const;
    const { code, stdout, stderr } = await berthOn(stack, [...words]);
    expect(code, stderr).toBe(0);
    const told = stdout.split('\n').map((line) => line.split(' ').slice(1).join(' '));
    expect(told.filter((line) => /first|second|third/.test(line))).toEqual([
      'mad-api-1 api | first',
      'mad-api-0 api | second [secret]',
      'mad-api-1 api | third',
    ]);
  });

  test('Redis answers nobody without its password', async () => {
    const at = addressOf('redis-0');
    const ask = `exec 9<>/dev/tcp/${at}/6379; printf 'PING\\r\\n' >&9; timeout 5 head -1 <&9 || true`;
    const said = await inMachine(stack, ask, 'api-0');
    if (!redis.tls) return expect(said).toContain('NOAUTH');
    // In clear it says nothing; its certificate is of the system's own authority
    expect(said).not.toMatch(/PONG|NOAUTH/);
    const authority =
      "$(docker inspect --format '{{range .Mounts}}{{println .Source .Destination}}{{end}}' $(docker ps --quiet --filter label=berth.service=api) | awk '/authority.crt/ { print $1 }')";
    const checked = `(printf 'PING\\r\\n'; sleep 1) | timeout 10 openssl s_client -quiet -verify_return_error -verify_ip ${at} -CAfile ${authority} -connect ${at}:6379 2>&1 || true`;
    expect(await inMachine(stack, checked, 'api-0')).toContain('NOAUTH');
  });

  test('a second up changes nothing', async () => {
    const second = await stack.up('--expect-no-changes');
    expect(second.code, second.output).toBe(0);
  });

  test('from each machine and from a stranger, the ports that answer are those that the matrix opens', async () => {
    await scanned({ stack, machines, addressOf, balancers: address, stranger: visitors.peer });
  });

  describe('fleet', () =>
    fleet(() => ({
      ...{ place, api, release, clients: counts.client ?? 1 },
      machinesReached: async () => (await visitors.oneOfEach()).size,
    })));

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

  if (counts.balancer)
    describe('balancers', () => balancers(() => ({ stack, visitor: visitors.peer, address, addressOf })));

  if (redis.failover)
    describe('three machines of Redis', () =>
      redisMembers(() => ({
        ...{ stack, cli },
        clients: async () => JSON.parse((await api.get('/clients')).body).map(({ id }: { id: string }) => id),
        async deploy(options) {
          await stack.configure({ redis: { ...machine, ...redis, ...options } });
          const { code, output } = await stack.up();
          expect(code, output).toBe(0);
        },
      })));

  test('taken down, it leaves no container, network or volume', async () => {
    await visitors.peer.remove();
    const destroyed = await stack.pulumi('destroy', '--yes', '--skip-preview', '--non-interactive');
    expect(destroyed.code, destroyed.output).toBe(0);
    expect(await leftOf(stack)).toEqual([]);
  });
}
