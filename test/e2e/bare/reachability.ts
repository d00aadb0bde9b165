import { expect, test } from 'vitest';
import type { Scene } from './scene.ts';

const lastPort = 65_535;

/**
 * Port scans from three sources: the answering ports are those of `berth matrix`, with both firewalls and with each
 * alone
 */
export function reachability(scene: () => Scene): void {
  test('with both firewalls the open ports are those of the matrix', async () => {
    await scene().machine(traps);
    expect(await reached(scene())).toEqual(await scene().matrix());
  });

  test("with the machine's firewall alone the result is the same", async () => {
    await scene().machine('nft delete table inet cloud');
    expect(await reached(scene())).toEqual(await scene().matrix());
    expect(few(await overIpv6(scene()))).toEqual({});
  });

  test('without a firewall the trap ports answer: a process, and a port that docker publishes', async () => {
    await scene().machine('nft delete table inet berth');
    const { peers, address } = scene();
    const found = await peers.stranger.scan(address, lastPort);
    expect(ports(found)).toHaveLength(lastPort);
    expect(ports(found, 'open')).toEqual([22, 80, 9998, 9999, 65_001]);
    expect(ports(await overIpv6(scene()), 'open')).toEqual(expect.arrayContaining([22, 80, 9999]));
  });

  test("with the cloud's firewall alone the result is the same", async () => {
    await scene().machine('/.cloud/nft -f /.cloud/firewall.nft');
    expect(await reached(scene())).toEqual(await scene().matrix());
    expect(few(await overIpv6(scene()))).toEqual({});
    await scene().machine('systemctl restart berth-firewall');
    expect(few(await overIpv6(scene()))).toEqual({});
  });
}

/** Starts programs on ports that must stay closed; a port that docker publishes bypasses the input chain */
const traps = `systemd-run --quiet --unit=trap python3 -m http.server 9999 --bind ::
systemd-run --quiet --unit=high-trap python3 -m http.server 65001
docker run --quiet --detach --name trap --publish 0.0.0.0:9998:8080 --entrypoint python3 \\
  "$(docker inspect --format '{{.Image}}' "$(docker ps --quiet --filter label=berth.service=backend)")" -m http.server 8080
timeout 10 bash -c 'until curl -sfo /dev/null http://127.0.0.1:9999 && curl -sfo /dev/null http://127.0.0.1:9998; do sleep 0.2; done'`;

/**
 * Returns the ports that answer to each peer: all ports from the stranger, the first 10,000 from the others. The kernel
 * of this computer tracks each connection for two minutes and limits their number: more scans would break other tests.
 */
async function reached({ peers, address }: Scene): Promise<Record<keyof Scene['peers'], number[]>> {
  const lastOfOthers = 10_000;
  const [operator, gateway, stranger] = await Promise.all([
    peers.operator.scan(address, lastOfOthers),
    peers.gateway.scan(address, lastOfOthers),
    peers.stranger.scan(address, lastPort),
  ]);
  return { operator: ports(few(operator)), gateway: ports(few(gateway)), stranger: ports(few(stranger)) };
}

const ports = (found: Record<string, string>, how?: string): number[] =>
  Object.keys(found)
    .filter((port) => how === undefined || found[port] === how)
    .map(Number);

/** Limits a list of ports to 20, so that a failure does not print thousands of lines */
const few = (found: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(found).slice(0, 20));

/** Scans the machine's IPv6 link-local address from a neighbour. Docker disables IPv6, so it is enabled for the scan */
async function overIpv6({ peers, machine }: Scene): Promise<Record<string, string>> {
  const enable = `mount -o remount,rw /proc/sys; echo 0 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6
until ip -6 -br address show dev eth0 scope link -tentative | grep fe80; do sleep 0.2; done`;
  const disable = 'echo 1 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6';
  await peers.stranger.run(enable);
  const address = (await machine(enable)).match(/fe80::[0-9a-f:]+/)?.[0];
  try {
    return await peers.stranger.scan(`${address}%eth0`, 10_000);
  } finally {
    await machine(disable);
  }
}
