import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { sshdObstacle, startSshd } from '../engine/sshd.ts';
import { eventually, plainClient } from './existing/client.ts';
import { bridgesOfOthers, flushedRules } from './existing/firewall.ts';
import { type TenantHost, tenantHost, tenantPorts, user } from './existing/host.ts';
import { type ExistingStack, existingStack } from './existing/stack.ts';

// An existing machine from its first checks to its retirement; each test continues from the state of the one before
const obstacle = await sshdObstacle();
let stack: ExistingStack;
let host: TenantHost;
const { program, container } = tenantPorts;

beforeAll(async () => {
  stack = await existingStack();
  host = await tenantHost(`berth-${stack.name}-host`, stack.deployKey, stack.images);
});

afterAll(async () => {
  await stack?.remove();
  await host?.remove();
});

const configured = (own: Record<string, unknown> = {}, operators = [`${host.gateway}/32`]) =>
  stack.configure({ address: host.address, user, hostKey: host.hostKey, ...own }, operators);
const kept = { keepOpen: [program, container] };
const version = () => plainClient(host.address, 'basegun.localhost', '/api/version');
/** Returns the state of other programs on the machine, which releases must not change */
const ofOthers = () =>
  host.inside(`cat /etc/docker/daemon.json /etc/ssh/sshd_config.d/* /home/${user}/.ssh/authorized_keys
    docker inspect --format '{{.Id}} {{.State.StartedAt}}' tenant; systemctl show -P ActiveEnterTimestamp tenant docker ssh`);

test('a machine that does not answer is an error after five attempts that names host, port and user', async () => {
  await configured({ address: host.address.replace(/\d+$/, '77'), port: 2222 });
  const refused = await stack.up();
  expect(refused.code, refused.output).toBe(1);
  expect(refused.output).toContain(`waiting for ${user}@${host.address.replace(/\d+$/, '77')}:2222 to answer`);
  expect(refused.output).toMatch(/after 5 failed attempts: .*(?:dial tcp|EHOSTUNREACH|Timed out|ECONNREFUSED)/);
});

test('a machine with another host key is refused before anything is sent to it', async () => {
  await configured({ hostKey: `${host.hostKey.slice(0, -4)}AAAA` });
  const refused = await stack.up();
  expect(refused.code, refused.output).toBe(1);
  expect(refused.output).toMatch(/after 5 failed attempts: .*host key mismatch/);
  expect(await host.inside('ls /var/lib; journalctl --no-pager -u ssh')).not.toMatch(/berth\.|Accepted/);
});

test('ports of other programs are all listed, with the line that keeps them open, and nothing is changed', async () => {
  await configured();
  const refused = await stack.up();
  expect(refused.code, refused.output).toBe(1);
  for (const line of [
    'checks of basegun-web-0:',
    'ok       Debian GNU/Linux 13 (trixie)',
    `refused  tcp port ${container} is open, used by container tenant`,
    `refused  tcp port ${program} is open, used by python3`,
    `keepOpen: [${container}, ${program}]`,
    'note     nftables.service is enabled: its start, reload and stop flush',
    '2 of these checks failed: nothing was changed',
  ])
    expect(refused.output).toContain(line);
  expect(await host.inside('ls /etc /var/lib /run; nft list tables')).not.toContain('berth');
});

test('with keepOpen it is deployed: no machine is created, other programs are unchanged, and unnamed ports are closed', async () => {
  const before = await ofOthers();
  await configured(kept);
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
  expect(up.output).toContain('every open port has a rule, or is kept open');
  expect(up.output).toContain(
    'to remove what berth installed: sudo /usr/bin/python3 -I /var/lib/berth/basegun/current/engine retire /var/lib/berth/basegun/current',
  );
  expect([...new Set(await stack.resourceTypes())].sort()).toEqual([
    'berth:index:System',
    'command:remote:Command',
    'pulumi:providers:command',
    'pulumi:pulumi:Stack',
  ]);
  expect(await version()).toBe('3.3.0');
  expect(await ofOthers()).toBe(before);
  await host.inside(`systemd-run --quiet --unit=stray python3 -m http.server 9997
    timeout 10 bash -c 'until exec 9<>/dev/tcp/127.0.0.1/9997; do sleep 0.2; done' 2>/dev/null`);
  const ports = [22, 80, program, container, 9997];
  expect(await Promise.all(ports.map(host.answers))).toEqual([true, true, true, true, false]);
});

test('the login of the release has ended the trial of the firewall rules', async () => {
  expect(await host.inside('ls /run; systemctl list-units --all "berth-firewall*"')).not.toContain('revert');
  expect(await host.inside('ls /run')).not.toContain('berth-firewall');
});

test('a second up changes nothing', async () => {
  const again = await stack.up();
  expect(again.code, again.output).toBe(0);
  expect(again.output).not.toMatch(/created|updated|replaced/);
});

describe('bridges of other programs', () => bridgesOfOthers(() => host));

describe("Debian's nftables.service", () => flushedRules(() => host, version));

test('firewall rules that lock the operators out are reverted automatically, and the site still serves', async () => {
  const lockedOut = ['100.64.1.0/24'];
  await host.inside('systemctl stop stray || true');
  await configured(kept, lockedOut);
  const failed = await stack.up();
  expect(failed.code, failed.output).toBe(1);
  expect(failed.output).toContain('without it the former rules are restored');
  expect(await host.answers(22)).toBe(false);
  expect(await host.answers(program)).toBe(true);
  expect(await eventually(130, () => host.answers(22), Boolean)).toBe(true);
  expect(await version()).toBe('3.3.0');

  // The trial is over: a later login must not confirm its rules
  const refused = await stack.up();
  expect(refused.code, refused.output).toBe(1);
  expect(refused.output).toContain('no login has succeeded under the new firewall rules of this machine');
  expect(await host.answers(22)).toBe(true);
  expect(await version()).toBe('3.3.0');
});

test.skipIf(obstacle !== undefined)(
  'the rules are also confirmed through a bastion, even if SSH is open to it alone',
  async () => {
    // The bastion is this computer; the machine sees its network's gateway as the source address
    const bastion = await startSshd({ authorized: [stack.deployKey], forced: () => '/bin/false' });
    onTestFinished(() => bastion.stop());
    const { port, user, hostKeys } = bastion;
    const proxy = { address: '127.0.0.1', privateAddress: host.gateway, port, user, hostKey: hostKeys.ed25519 };
    await configured({ ...kept, proxy }, ['100.64.1.0/24']);
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    expect(up.output).toContain(
      `SSH is open to 100.64.1.0/24, ${host.gateway}/32, and this login comes from ${host.gateway};`,
    );
    expect(await host.inside('ls /run')).not.toContain('berth-firewall');
    expect(await host.inside('nft list chain inet berth input')).toMatch(
      new RegExp(`ip saddr ${host.gateway} tcp dport 22 accept comment ".* by way of the bastion"`),
    );
    expect(await bastion.forwarded()).toEqual(Array(2).fill(expect.stringMatching(` target ${host.address} port 22$`)));
    const again = await stack.up();
    expect(again.output).not.toMatch(/created|updated|replaced/);
  },
);

test('correct rules can be deployed afterwards', async () => {
  await configured(kept);
  const good = await stack.up();
  expect(good.code, good.output).toBe(0);
  expect(await host.answers(22)).toBe(true);
  expect(await version()).toBe('3.3.0');
});

test('a port that another program opened later is reported when the rules change', async () => {
  await host.inside('systemctl reset-failed; systemd-run --quiet --unit=stray2 python3 -m http.server 9997; sleep 1');
  await configured({ keepOpen: [program, container, 9996] });
  const refused = await stack.up();
  expect(refused.code, refused.output).toBe(1);
  expect(refused.output).toContain('refused  tcp port 9997 is open, used by python3');
  expect(refused.output).toContain(`keepOpen: [9996, 9997, ${container}, ${program}]`);
  await host.inside('systemctl stop stray2');
});

test('it leaves the stack unchanged, and the retire command of the outputs removes what berth installed, and no more', async () => {
  const { output } = await stack.pulumi('stack', 'output', '--json');
  const retire = 'sudo /usr/bin/python3 -I /var/lib/berth/basegun/current/engine retire /var/lib/berth/basegun/current';
  expect(output).toContain(`"retire":"ssh -p 22 ${user}@${host.address} ${retire}"`.replaceAll('":"', '": "'));
  const before = await ofOthers();
  const gone = await stack.pulumi('destroy', '--yes', '--skip-preview', '--non-interactive');
  expect(gone.code, gone.output).toBe(0);
  expect(await version()).toBe('3.3.0');

  await host.inside(`runuser -u ${user} -- ${retire}`);
  expect(await host.inside('docker ps --format "{{.Names}}"')).toBe('tenant');
  expect(await host.inside('nft list tables; ls /etc/systemd/system /etc/berth')).not.toMatch(
    /inet berth|berth-firewall|basegun/,
  );
  expect(await ofOthers()).toBe(before);
  expect(await Promise.all([22, program, container].map(host.answers))).toEqual([true, true, true]);
});
