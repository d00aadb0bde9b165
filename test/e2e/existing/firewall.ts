import { expect, test } from 'vitest';
import { eventually } from './client.ts';
import { type TenantHost, tenantPorts } from './host.ts';

const { program, container } = tenantPorts;
/** Port of a program that no rule names: only the machine's firewall closes it */
const stray = 9996;
const late = '/etc/systemd/system/nftables.service.d/late.conf';

/**
 * Debian's nftables.service, enabled before berth's first release: it empties every table, docker's too
 * @param version requests the version from the site on the machine
 */
export function flushedRules(host: () => TenantHost, version: () => Promise<string>): void {
  /** Asserts that the container of the other program and the site answer */
  const bothServe = async () => {
    expect(await eventually(60, () => host().answers(container), Boolean)).toBe(true);
    expect(
      await eventually(
        60,
        () => version().catch(String),
        (said) => said === '3.3.0',
      ),
    ).toBe('3.3.0');
  };

  const guarded = async (when: string): Promise<void> => {
    expect(await host().inside('nft list chain inet berth input'), when).toMatch(/policy drop.*dport 22 accept/s);
    const answers = await Promise.all([22, program, stray].map(host().answers));
    expect(answers, when).toEqual([true, true, false]);
  };
  /** A table that is removed whenever every table is emptied */
  const witness = 'nft add table inet witness';

  test.each([
    ["before berth's first release", ''],
    // By default it starts before berth's unit, which waits for the file systems
    [
      "later, and started after berth's unit",
      `systemctl disable --now nftables.service; printf '[Unit]\\nAfter=berth-firewall.service\\n' >${late}; systemctl enable --now nftables.service`,
    ],
  ])("with nftables.service enabled %s, berth's rules are in force after a boot", async (_, enabling) => {
    await host().inside(`${enabling}
      printf '[Service]\\nExecStart=/usr/bin/python3 -m http.server ${stray} --bind ::\\n[Install]\\nWantedBy=multi-user.target\\n' >/etc/systemd/system/unnamed.service
      systemctl enable --quiet unnamed.service`);
    await host().reboot();
    const listening = `systemctl is-active nftables unnamed; nft list tables; for port in ${stray} ${program}; do timeout 60 bash -c "until exec 9<>/dev/tcp/127.0.0.1/$port; do sleep 0.2; done" 2>&1; done`;
    expect(await host().inside(listening)).toMatch(/^active\nactive\n.*table inet filter\n/s);
    await guarded('after a boot');
    await bothServe();
  });

  test.each(['reload', 'restart', 'stop', 'start'])(
    'the rules are in force after its %s, which empties every table',
    async (what) => {
      await host().inside(`${witness}; systemctl ${what} nftables.service`);
      expect(await host().inside('nft list tables')).not.toContain('witness');
      await guarded(`after its ${what}`);
    },
  );

  test("a restart of docker restores docker's rules, as the checks of the machine say", async () => {
    await host().inside(
      `systemctl restart docker; systemctl disable --now unnamed; rm /etc/systemd/system/unnamed.service ${late}; systemctl daemon-reload`,
    );
    await bothServe();
    expect(await host().inside('nft list chain ip nat DOCKER')).toContain(`dport ${container}`);
  });
}

/** Bridges of the machine: docker networks with names of their own, and bridges without containers */
export function bridgesOfOthers(host: () => TenantHost): void {
  test('containers of docker networks, whatever the bridge is called, reach programs of the machine; other bridges do not', async () => {
    expect(await host().inside('cat /etc/berth/bridges.nft.conf')).toMatch(
      /^#.*\nadd element inet berth containers \{ "tenants" \}\nadd element inet berth others \{ "lan0" \}\n?$/,
    );
    const call = "import urllib.request; print(urllib.request.urlopen('http://$gateway:9997', timeout=10).status)";
    const gateway = "docker network inspect tenants --format '{{(index .IPAM.Config 0).Gateway}}'";
    expect(await host().inside(`gateway=$(${gateway}); docker exec tenant python3 -c "${call}"`)).toBe('200');
    // Found when docker starts the next time
    await host().inside(
      'docker network create --opt com.docker.network.bridge.name=br-more more; ip link add br-lan type bridge; systemctl restart docker',
    );
    const found = await eventually(
      30,
      () => host().inside('nft list table inet berth'),
      (rules) => rules.includes('br-more'),
    );
    const elements = (set: string) =>
      new RegExp(`set ${set} \\{[^{]*elements = \\{([^}]*)\\}`)
        .exec(found)?.[1]
        ?.match(/[\w-]+/g)
        ?.sort();
    expect([elements('containers'), elements('others')]).toEqual([
      ['br-more', 'tenants'],
      ['br-lan', 'lan0'],
    ]);
  });
}
