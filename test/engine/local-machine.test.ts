import { expect, test } from 'vitest';
import { operations } from './engine.ts';
import { address, describeLocal, images, machineOf, outputs, USER_DATA_SECRET, type Wanted } from './local-cloud.ts';
import { docker, openPorts, openPortsFrom, until } from './local-docker.ts';

describeLocal('a local machine', (stack) => {
  test('the first boot reads its user data, which nobody but root may', async () => {
    await stack().want(twoMachines(stack().prefix));
    const up = await stack().run('up');
    expect(up.code, up.output).toBe(0);
    const folder = '/var/lib/cloud/seed/nocloud';
    await docker('exec', `${stack().prefix}-web`, 'cloud-init', 'status', '--wait');
    expect(await docker('exec', `${stack().prefix}-web`, 'cat', '/etc/greeting')).toBe(USER_DATA_SECRET);
    expect(await docker('exec', `${stack().prefix}-web`, 'stat', '--format', '%a %U', `${folder}/user-data`)).toBe(
      '600 root',
    );
    expect(await docker('inspect', `${stack().prefix}-web`)).not.toContain(USER_DATA_SECRET);
  });

  test('a machine is reached on the ports that its rules name, by their sources alone', async () => {
    const web = `${stack().prefix}-web`;
    const host = address(await outputs(stack()), 'web');
    await docker('exec', web, 'sh', '-c', PUBLISHED_SERVICE);
    for (const port of [80, 5432, 9000])
      await docker('exec', '--detach', web, 'python3', '-m', 'http.server', `${port}`);
    await until(async () => (await openPortsFrom(web, '127.0.0.1', [80, 5432, 9000])).length === 3);
    const ports = [22, 80, 5432, 8080, 8081, 9000];
    await until(async () => (await openPortsFrom(`${stack().prefix}-peer`, host, [8080])).length === 1);
    expect(await openPortsFrom(`${stack().prefix}-peer`, host, ports)).toEqual([22, 8080, 9000]);
    expect(await openPorts(host, ports)).toEqual([22, 80]);
  });

  test('new rules and another size are set on the running machine', async () => {
    const before = await outputs(stack());
    const changed = twoMachines(stack().prefix);
    const rules = [{ protocol: 'tcp', port: 5432, sources: ['0.0.0.0/0'] }];
    Object.assign(changed.web?.inputs ?? {}, { rules, memoryMb: 1024 });
    await stack().want(changed);
    const up = await stack().run('up');
    expect(up.code, up.output).toBe(0);
    expect(operations(up)).toMatchObject({ web: 'update', peer: 'same' });
    const after = await outputs(stack());
    expect(after.web?.containerId).toBe(before.web?.containerId);
    expect(await openPorts(address(after, 'web'), [22, 80, 5432])).toEqual([5432]);
    expect(await docker('inspect', '--format', '{{.HostConfig.Memory}}', `${stack().prefix}-web`)).toBe(
      `${1024 * 2 ** 20}`,
    );
  });

  test('a reboot keeps the firewall', async () => {
    const web = `${stack().prefix}-web`;
    await docker('restart', web);
    await docker('exec', '--detach', web, 'python3', '-m', 'http.server', '5432');
    await until(async () => (await openPortsFrom(web, '127.0.0.1', [22, 5432])).length === 2);
    expect(await openPorts(address(await outputs(stack()), 'web'), [22, 5432])).toEqual([5432]);
  });
});

/** A namespace with a server, and what docker does for a published port: traffic to it is forwarded, not input. */
const PUBLISHED_SERVICE = `set -e
ip netns add inner
ip link add docker0 type veth peer name eth0 netns inner
ip addr add 172.30.0.1/24 dev docker0
ip link set docker0 up
ip -n inner addr add 172.30.0.2/24 dev eth0
ip -n inner link set eth0 up
ip -n inner route add default via 172.30.0.1
/.cloud/nft 'add table ip inner; add chain ip inner pre { type nat hook prerouting priority -100; }'
/.cloud/nft 'add rule ip inner pre iifname eth0 tcp dport { 8080, 8081 } dnat to 172.30.0.2:80'
ip netns exec inner python3 -m http.server 80 >/dev/null 2>&1 &`;

/** One that was handed over bare, and a peer from which to look at it. */
function twoMachines(prefix: string): Record<string, Wanted> {
  const rules = [
    { protocol: 'tcp', port: 22, sources: ['0.0.0.0/0', '10.0.0.0/8'] },
    { protocol: 'tcp', port: 80, sources: ['host:1'] },
    { protocol: 'tcp', port: 8080, sources: ['host:12'] },
    { protocol: 'tcp', port: 9000, sources: ['host:12', '::/0'] },
  ];
  return {
    network: { type: 'Network', inputs: { name: prefix } },
    web: machineOf(prefix, 'web', 10, { image: images.bareMachine, rules }),
    peer: machineOf(prefix, 'peer', 12),
  };
}
