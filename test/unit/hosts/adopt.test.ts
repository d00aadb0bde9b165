import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

// The checks of an existing machine, with programs whose output the test defines. One check always fails here: otherwise
// the script would change the machine that runs the test.
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-adopt-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const stray = 'tcp LISTEN 0 5 0.0.0.0:9999 0.0.0.0:* users:(("python3",pid=7,fd=3))';
const good = {
  ss: `cat <<'EOF'\n${stray}\nEOF`,
  docker: 'exit 0',
  'apt-get': 'exit 0',
  timedatectl: 'echo yes',
  systemctl: 'exit 1',
  'systemd-detect-virt': 'exit 1',
  ip: 'exit 0',
  nft: 'echo nft >&2; exit 1',
};

test('every open port that no rule names is listed with its program, and with the line that keeps them all open', () => {
  const listening = [
    stray,
    'udp UNCONN 0 0 0.0.0.0:68 0.0.0.0:* users:(("dhclient",pid=1,fd=6))',
    'udp UNCONN 0 0 *:51820 *:*',
    'tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=2,fd=3))',
    'tcp LISTEN 0 128 [::]:22 [::]:* users:(("sshd",pid=2,fd=4))',
    'tcp LISTEN 0 244 127.0.0.1:5432 0.0.0.0:* users:(("postgres",pid=3,fd=5))',
    'udp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:* users:(("systemd-resolve",pid=4,fd=12))',
    'tcp LISTEN 0 244 [::1]:5432 [::]:* users:(("postgres",pid=3,fd=6))',
    'tcp LISTEN 0 80 10.0.0.5%ens4:3306 0.0.0.0:* users:(("mariadbd",pid=5,fd=20))',
    'tcp LISTEN 0 4096 0.0.0.0:9000 0.0.0.0:* users:(("docker-proxy",pid=6,fd=4))',
  ];
  const containers = [
    '|theirs|0.0.0.0:9000->80/tcp, [::]:9000->80/tcp, 127.0.0.1:9001->81/tcp, 9002/tcp',
    '|range|0.0.0.0:7000-7001->7000-7001/udp',
    'basegun|ours|0.0.0.0:9100->9100/tcp',
  ];
  const { status, stderr } = look({
    ss: `cat <<'EOF'\n${listening.join('\n')}\nEOF`,
    docker: `cat <<'EOF'\n${containers.join('\n')}\nEOF`,
  });
  expect(status).toBe(1);
  expect(refused(stderr).filter((line) => line.includes(' port '))).toEqual(
    [
      'tcp port 3306 is open, used by mariadbd',
      'tcp port 9000 is open, used by container theirs',
      'tcp port 9999 is open, used by python3',
      'udp port 7000 is open, used by container range',
      'udp port 7001 is open, used by container range',
      'udp port 51820 is open, used by the kernel',
    ].map((line) => `${line}: no rule and no keepOpen names it, and the firewall would close it`),
  );
  // The line includes the ports that the file already names
  expect(stderr).toContain('           keepOpen: [3306, 7000, 7001, 8080, 9000, 9999, 51820]\n');
});

test('all problems are reported at once, and nothing is changed', () => {
  const { status, stderr, stdout } = look({
    timedatectl: 'echo no',
    'apt-get':
      'case $* in *--simulate*) echo "Remv docker-ce [5:27]"; echo "Inst docker.io";; *) echo installs >&2;; esac',
  });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(refused(stderr).map((line) => line.split(/[ (:]/).slice(0, 3).join(' '))).toEqual(
    expect.arrayContaining(['the clock is', 'packages that berth', 'tcp port 9999']),
  );
  expect(stderr).toMatch(/\d of these checks failed: nothing was changed on shop-web-0\n$/);
  expect(stderr).not.toMatch(/installing|^installs|^nft/m);
});

test("a clock that NTP synchronizes is reported, and a container's clock is its host's", () => {
  expect(look({}).stderr).toContain('ok       the clock is synchronized by NTP');
  expect(look({ 'systemd-detect-virt': 'exit 0', timedatectl: 'exit 1' }).stderr).toContain(
    'note     it is a container',
  );
});

test('another active firewall is named, since ports that it closes stay closed', () => {
  expect(look({ systemctl: '[ "$3" = ufw ]' }).stderr).toContain('note     ufw is active too');
});

test('the source address of the login is printed, although sudo removes it from the environment', () => {
  const { stderr } = look({}, undefined, { SSH_CONNECTION: '10.20.0.7 50000 10.20.0.20 22' });
  expect(stderr).toContain('SSH is open to 198.51.100.0/24, and this login comes from 10.20.0.7;');
});

/** A docker engine with these networks: subnet and name */
const withNetworks = (...lines: readonly string[]): string => `case "$1 $2" in
  'network ls') echo id ;; 'network inspect') printf '%s docker network %s\\n' ${lines.join(' ')}; echo 'fd00::/64 docker network six' ;; esac`;

test("docker networks that overlap with operators' or other machines' addresses are refused by name, with the settings to add", () => {
  const docker = withNetworks('172.17.0.0/16 bridge 172.30.0.0/16 theirs 10.9.0.0/24 apart');
  const { stderr } = look({ docker }, '198.51.100.0/24 0.0.0.0/0 172.30.4.0/24 10.9.0.7 10.9.1.0/24');
  expect(refused(stderr).filter((line) => line.startsWith('docker network'))).toEqual([
    'docker network theirs (172.30.0.0/16) overlaps 172.30.4.0/24, which must reach this machine or answer it',
    'docker network apart (10.9.0.0/24) overlaps 10.9.0.7, which must reach this machine or answer it',
  ]);
  expect(stderr).toContain('add to /etc/docker/daemon.json: "bip":"172.30.192.1/26"\n');
});

test("docker's default pools that overlap are refused unless daemon.json sets others, except where a route covers them", () => {
  const docker = withNetworks('172.17.0.0/16 bridge');
  const others = '172.31.4.0/24 192.168.7.0/24';
  const said = (ip: string) => refused(look({ docker, ip }, others).stderr).filter((line) => line.includes('docker'));
  expect(said('echo default via 203.0.113.1 dev eth0')).toEqual([
    'docker may use 172.24.0.0/13 for new networks; it overlaps 172.31.4.0/24, which must reach this machine or answer it',
  ]);
  expect(said('echo default via 203.0.113.1 dev eth0; echo 172.31.0.0/16 dev eth1')).toEqual([]);
  expect(look({ docker }).stderr).toContain(
    "ok       docker's networks overlap with no address that must reach this machine",
  );
});

test('the script removes its own files', () => {
  look({});
  expect(spawnSync('ls', [join(folder, 'arrived')]).status).not.toBe(0);
});

const refused = (text: string): string[] => [...text.matchAll(/^ {2}refused {2}(.+)$/gm)].map(([, line = '']) => line);

/**
 * @param others networks and addresses that docker's networks must not overlap
 * @param login environment of the login shell, which starts the script with another environment
 */
function look(
  programs: Partial<typeof good>,
  others = '198.51.100.0/24',
  login: NodeJS.ProcessEnv = {},
): { status: number | null; stdout: string; stderr: string } {
  const arrived = join(folder, 'arrived');
  const scripts = new URL('../../../templates/adoption/', import.meta.url).pathname;
  mkdirSync(join(folder, 'bin'), { recursive: true });
  mkdirSync(arrived, { recursive: true });
  for (const [name, script] of Object.entries({ ...good, ...programs })) {
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, 'bin', name), 0o755);
  }
  cpSync(join(scripts, 'adopt.sh'), join(arrived, 'start.sh'));
  for (const part of ['networks', 'packages', 'trial'])
    cpSync(join(scripts, `${part}.sh`), join(arrived, `${part}.sh`));
  writeFileSync(
    join(arrived, 'adoption.env'),
    `SYSTEM=shop MACHINE=shop-web-0 MINIMUM_FREE_MB=1 KEEP_OPEN=8080 SSH_PORT=22 SSH_FROM=198.51.100.0/24 RETIRE='retire it'
OTHERS='${others}' DOCKER_NETWORKS='{"bip":"172.30.192.1/26"}'\n`,
  );
  writeFileSync(join(arrived, 'ports'), 'tcp 22\ntcp 443\ntcp 8080\nudp 8080\n');
  writeFileSync(join(arrived, 'packages'), 'docker.io\n');
  writeFileSync(join(arrived, 'firewall.nft.conf'), '');
  const env = { PATH: `${folder}/bin:${process.env.PATH}`, ...login };
  const words = ['-c', 'env -i PATH="$PATH" bash "$@"; exit $?', 'sh', join(arrived, 'start.sh'), arrived];
  return spawnSync('bash', words, { env, encoding: 'utf8' });
}
