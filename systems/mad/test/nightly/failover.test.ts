import { afterAll, beforeAll, expect, test } from 'vitest';
import { addressAt } from '../../../../src/model/address.ts';
import { type Peer, peer } from '../../../../test/e2e/bare/peer.ts';
import { eventually } from '../../../../test/e2e/client.ts';
import { leftOf } from '../../../../test/e2e/inspect.ts';
import { networkOf } from '../../../../test/e2e/reach.ts';
import {
  inMachine,
  machineContainer,
  type SystemOutputs,
  stdoutOf,
  type TestStack,
} from '../../../../test/e2e/stack.ts';
import { machine, madStack } from '../e2e/fleet/local.ts';

// Two balancers with one address, in front of one machine of the API.

const balancers = ['balancer-0', 'balancer-1'] as const;
type Balancer = (typeof balancers)[number];

let stack: TestStack;
let outputs: SystemOutputs & { records: { name: string; value: string }[] };
let visitor: Peer;
let address: string;

beforeAll(async () => {
  stack = await madStack({ balancer: { ...machine, count: 2 }, front: machine });
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
  outputs = (await stack.outputs()) as typeof outputs;
  address = outputs.records.find(({ name }) => name === 'api.mad.localhost')?.value ?? '';
  const network = await networkOf(stack);
  visitor = await peer(stack, 'visitor', addressAt(network.subnet, 201), network.name);
});

afterAll(async () => {
  await visitor?.remove();
  await stack?.remove();
});

const addressOf = (machine: string): string => outputs.machines[`mad-${machine}`]?.publicAddress ?? '';

/** The balancers that have the common address */
async function holders(among: readonly Balancer[] = balancers): Promise<readonly Balancer[]> {
  const found = await Promise.all(
    among.map(async (machine) => {
      const addresses = await inMachine(stack, 'ip -4 -oneline address show dev eth0', machine);
      return addresses.includes(` ${address}/32 `) ? [machine] : [];
    }),
  );
  return found.flat();
}

async function holder(among?: readonly Balancer[]): Promise<Balancer> {
  const [only, ...others] = await eventually(
    20,
    () => holders(among),
    ({ length }) => length === 1,
  );
  expect(others).toEqual([]);
  if (!only) throw new Error(`no balancer has ${address}`);
  return only;
}

const otherThan = (one: Balancer): Balancer => (one === 'balancer-0' ? 'balancer-1' : 'balancer-0');

const asked = (to: string, seconds: number) =>
  `curl --silent --insecure --max-time ${seconds} --resolve api.mad.localhost:443:${to} https://api.mad.localhost/version`;

/** Asks five times a second while something happens; returns the longest time without an answer until it ended, in seconds */
async function silence(during: () => Promise<unknown>): Promise<number> {
  const loop = `rm -f /tmp/stop; until [ -e /tmp/stop ]; do
    if [ "$(${asked(address, 1)})" = v1.0.0 ]; then date +%s.%N; fi; sleep 0.2; done; date +%s.%N`;
  const heard = visitor.run(loop);
  await during();
  await visitor.run('touch /tmp/stop');
  const times = (await heard).split('\n').map(Number);
  expect(times.length).toBeGreaterThan(4);
  return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? 0)));
}

/** The seconds of a quiet computer, which Mad's page names, with room for the stacks of other tests on the same processors */
const withRoom = (seconds: number): number => 3 * seconds;

const pause = (seconds: number) => visitor.run(`sleep ${seconds}`);

test('the public name leads to an address that is neither balancer’s own, and one of them has it', async () => {
  expect(address).not.toBe('');
  expect(balancers.map(addressOf)).not.toContain(address);
  await holder();
  expect(await visitor.run(asked(address, 5))).toBe('v1.0.0');
  expect((await visitor.run('getent hosts api.mad.localhost')).split(/\s/)[0]).toBe(address);
});

test('each balancer has a certificate of the name from the authority, which asked one of them', async () => {
  for (const machine of balancers) {
    const shown = await visitor.run(
      `openssl s_client -connect ${addressOf(machine)}:443 -servername api.mad.localhost </dev/null 2>/dev/null | openssl x509 -noout -issuer -checkhost api.mad.localhost`,
    );
    expect(shown).toMatch(/issuer=.*Pebble[\s\S]*does match/);
  }
});

test('a second up changes nothing', async () => {
  const second = await stack.up('--expect-no-changes');
  expect(second.code, second.output).toBe(0);
});

test('whoever is no balancer can’t claim the address', async () => {
  const had = await holder();
  const heard = () => inMachine(stack, 'journalctl --unit keepalived --no-pager', had);
  const claim = `python3 - <<'PY'
import socket, struct
claim = struct.pack("!BBBBBBH", 0x21, 51, 255, 1, 0, 1, 0) + socket.inet_aton("${address}") + bytes(8)
total = sum(struct.unpack("!%dH" % (len(claim) // 2), claim))
total = (total & 0xffff) + (total >> 16)
claim = claim[:6] + struct.pack("!H", ~(total + (total >> 16)) & 0xffff) + claim[8:]
sender = socket.socket(socket.AF_INET, socket.SOCK_RAW, 112)
sender.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 255)
for to in (${balancers.map((machine) => `"${addressOf(machine)}"`).join(', ')}): [sender.sendto(claim, (to, 0)) for _ in range(5)]
PY`;
  expect(await silence(() => visitor.run(`${claim}\nsleep 8`))).toBeLessThan(withRoom(3));
  expect(await holders()).toEqual([had]);
  expect(await heard()).not.toContain('higher priority');
  // The same said by the other balancer is believed
  await inMachine(stack, claim, otherThan(had));
  await eventually(10, heard, (lines) => /received advert.*higher priority 255/.test(lines));
});

test('the balancer with the address is killed: service is soon back, and its return interrupts nobody', async () => {
  const killed = await holder();
  const other = otherThan(killed);
  const container = await machineContainer(stack, killed);
  const away = await silence(async () => {
    await pause(2);
    await stdoutOf('docker', ['kill', container]);
    await pause(25);
  });
  console.info(`a balancer was killed: ${away.toFixed(1)} s without an answer`);
  expect(away).toBeLessThan(withRoom(10));
  expect(await holder([other])).toBe(other);
  const back = await silence(async () => {
    await stdoutOf('docker', ['start', container]);
    await eventually(
      60,
      () => inMachine(stack, 'systemctl is-active keepalived.service nginx.service || true', killed),
      (answer) => answer === 'active\nactive\n',
    );
    await pause(10);
  });
  expect(back).toBeLessThan(withRoom(3));
  expect(await holder()).toBe(other);
});

test('a balancer that serves nobody any more gives the address to the one that does', async () => {
  const broken = await holder();
  const away = await silence(async () => {
    await pause(2);
    await inMachine(stack, 'systemctl stop nginx.service', broken);
    await pause(25);
  });
  console.info(`a balancer's nginx was stopped: ${away.toFixed(1)} s without an answer`);
  expect(away).toBeLessThan(withRoom(10));
  expect(await holder()).toBe(otherThan(broken));
  await inMachine(stack, 'systemctl start nginx.service', broken);
});

test('taken down, it leaves no container, network or volume', async () => {
  await visitor.remove();
  const destroyed = await stack.pulumi('destroy', '--yes', '--skip-preview', '--non-interactive');
  expect(destroyed.code, destroyed.output).toBe(0);
  expect(await leftOf(stack)).toEqual([]);
});
