import { expect, test } from 'vitest';
import type { Peer } from '../../../../../test/e2e/bare/peer.ts';
import { eventually } from '../../../../../test/e2e/client.ts';
import { inMachine, machineContainer, stdoutOf, type TestStack } from '../../../../../test/e2e/stack.ts';

const names = ['balancer-0', 'balancer-1'] as const;
type Balancer = (typeof names)[number];

export interface BalancersScene {
  stack: TestStack;
  visitor: Peer;
  /** The common address, by which the public name is found */
  address: string;
  addressOf(machine: string): string;
}

/** What two balancers with one address do when the one that has it fails */
export function balancers(scene: () => BalancersScene): void {
  const at = (machine: string, script: string) => inMachine(scene().stack, script, machine);
  const seen = (script: string) => scene().visitor.run(script);
  const pause = (seconds: number) => seen(`sleep ${seconds}`);

  /** The balancers that have the common address */
  async function holders(among: readonly Balancer[] = names): Promise<readonly Balancer[]> {
    const found = await Promise.all(
      among.map(async (machine) => {
        const addresses = await at(machine, 'ip -4 -oneline address show dev eth0');
        return addresses.includes(` ${scene().address}/32 `) ? [machine] : [];
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
    if (!only) throw new Error(`no balancer has ${scene().address}`);
    return only;
  }

  const asked = (to: string, seconds: number) =>
    `curl --silent --insecure --max-time ${seconds} --resolve api.mad.localhost:443:${to} https://api.mad.localhost/version`;

  /** Asks five times a second while something happens; returns the longest time without an answer until it ended, in seconds */
  async function silence(during: () => Promise<unknown>): Promise<number> {
    const loop = `rm -f /tmp/stop; until [ -e /tmp/stop ]; do
    if [[ $(${asked(scene().address, 1)}) = v1.0.* ]]; then date +%s.%N; fi; sleep 0.2; done; date +%s.%N`;
    const heard = seen(loop);
    await during();
    await seen('touch /tmp/stop');
    const times = (await heard).split('\n').map(Number);
    expect(times.length).toBeGreaterThan(4);
    return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? 0)));
  }

  test('the public name leads to an address that is neither balancer’s own, and one of them has it', async () => {
    const { address, addressOf } = scene();
    expect(address).not.toBe('');
    expect(names.map(addressOf)).not.toContain(address);
    await holder();
    expect(await seen(asked(address, 5))).toMatch(/^v1\.0\./);
    expect((await seen('getent hosts api.mad.localhost')).split(/\s/)[0]).toBe(address);
  });

  test('each balancer has a certificate of the name from the authority, which asked one of them', async () => {
    for (const machine of names) {
      const shown = await seen(
        `openssl s_client -connect ${scene().addressOf(machine)}:443 -servername api.mad.localhost </dev/null 2>/dev/null | openssl x509 -noout -issuer -checkhost api.mad.localhost`,
      );
      expect(shown).toMatch(/issuer=.*Pebble[\s\S]*does match/);
    }
  });

  test('whoever is no balancer can’t claim the address', async () => {
    const had = await holder();
    const heard = () => at(had, 'journalctl --unit keepalived --no-pager');
    const claim = `python3 - <<'PY'
import socket, struct
claim = struct.pack("!BBBBBBH", 0x21, 51, 255, 1, 0, 1, 0) + socket.inet_aton("${scene().address}") + bytes(8)
total = sum(struct.unpack("!%dH" % (len(claim) // 2), claim))
total = (total & 0xffff) + (total >> 16)
claim = claim[:6] + struct.pack("!H", ~(total + (total >> 16)) & 0xffff) + claim[8:]
sender = socket.socket(socket.AF_INET, socket.SOCK_RAW, 112)
sender.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 255)
for to in (${names.map((machine) => `"${scene().addressOf(machine)}"`).join(', ')}): [sender.sendto(claim, (to, 0)) for _ in range(5)]
PY`;
    expect(await silence(() => seen(`${claim}\nsleep 8`))).toBeLessThan(withRoom(3));
    expect(await holders()).toEqual([had]);
    expect(await heard()).not.toContain('higher priority');
    // The same said by the other balancer is believed
    await at(otherThan(had), claim);
    await eventually(10, heard, (lines) => /received advert.*higher priority 255/.test(lines));
  });

  test('the balancer with the address is killed: service is soon back, and its return interrupts nobody', async () => {
    const killed = await holder();
    const other = otherThan(killed);
    const container = await machineContainer(scene().stack, killed);
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
        () => at(killed, 'systemctl is-active keepalived.service nginx.service || true'),
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
      await at(broken, 'systemctl stop nginx.service');
      await pause(25);
    });
    console.info(`a balancer's nginx was stopped: ${away.toFixed(1)} s without an answer`);
    expect(away).toBeLessThan(withRoom(10));
    expect(await holder()).toBe(otherThan(broken));
    await at(broken, 'systemctl start nginx.service');
  });
}

const otherThan = (one: Balancer): Balancer => (one === 'balancer-0' ? 'balancer-1' : 'balancer-0');

/** The seconds of a quiet computer, which Mad's page names, with room for the stacks of other tests on the same processors */
const withRoom = (seconds: number): number => 3 * seconds;
