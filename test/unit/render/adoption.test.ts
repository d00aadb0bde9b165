import { expect, test } from 'vitest';
import type { AdoptedHost } from '../../../src/model/adoptedHost.ts';
import type { Role } from '../../../src/model/blueprint.ts';
import { adoption } from '../../../src/render/adoption.ts';
import { bundle } from '../../../src/render/bundle.ts';
import { firewall } from '../../../src/render/firewall.ts';
import type { MachineInput } from '../../../src/render/machine.ts';
import { container, machineInput, releaseIn } from './fixtures.ts';

const host: AdoptedHost = {
  address: '203.0.113.20',
  port: 2222,
  user: 'debian',
  hostKey: 'ssh-ed25519 AAAA',
  keepOpen: [8080],
};
const ssh = { from: 'operators', to: 'web', port: 22, protocol: 'tcp', why: 'SSH' } as const;

/** The same machine where it is adopted */
function adopted(
  own: Partial<Role> = {},
  made: MachineInput = machineInput({ rules: [ssh], services: [container()] }),
): MachineInput {
  const role: Role = { ...made.role, hosts: [host], ...own };
  return { ...made, role, blueprint: { ...made.blueprint, roles: { ...made.blueprint.roles, web: role } } };
}
const looked = (input: MachineInput) => adoption(input, bundle(input)).entries;

test('its firewall lets operators in at its own SSH port, and others where they were, over IPv6 and through docker too', () => {
  const lines = firewall(adopted())
    .split('\n')
    .map((line) => line.trim());
  expect(lines.filter((line) => line.includes('comment'))).toEqual([
    'ip saddr { 198.51.100.0/24 } tcp dport 2222 accept comment "SSH"',
    'tcp dport 8080 accept comment "other programs of this machine are reached here (keepOpen)"',
    'udp dport 8080 accept comment "other programs of this machine are reached here (keepOpen)"',
    'ct status dnat meta l4proto tcp ct original proto-dst 8080 accept comment "other programs of this machine are reached here (keepOpen)"',
    'ct status dnat meta l4proto udp ct original proto-dst 8080 accept comment "other programs of this machine are reached here (keepOpen)"',
  ]);
  expect(lines).toContain('type filter hook input priority filter; policy drop;');
  expect(lines).toContain('ct status dnat drop');
});

test("what others have set up stays theirs: docker's settings, SSH's, who may log in, what they ask the metadata address", () => {
  const { entries } = bundle(adopted());
  const made = bundle(machineInput({ rules: [ssh], services: [container()] })).entries;
  for (const path of [
    '/etc/docker/daemon.json',
    '/etc/berth/ssh/authorized_keys',
    '/etc/ssh/sshd_config.d/01-berth.conf',
  ]) {
    expect(Object.keys(made)).toContain(`files${path}`);
    expect(releaseIn(entries).files.map((file) => file.path)).not.toContain(path);
    expect(Object.keys(entries)).not.toContain(`files${path}`);
  }
  expect(firewall(adopted())).not.toContain('169.254.169.254');
  expect(firewall(machineInput())).toContain('169.254.169.254');
});

test('the way back is on the machine from its first release on, which knows whether it is an adopted one', () => {
  expect(bundle(adopted()).entries).toHaveProperty(['engine/retire.py']);
  expect(releaseIn(bundle(adopted()).entries).adopted).toBe(true);
  expect(releaseIn(bundle(machineInput()).entries).adopted).toBe(false);
});

test('the look at it has the very rules and packages of the release, and names every port that they open', () => {
  const input = adopted();
  expect(looked(input)['firewall.nft.conf']).toBe(bundle(input).entries['files/etc/berth/firewall.nft.conf']);
  expect(looked(input).ports).toBe('tcp 2222\ntcp 8080\nudp 8080\n');
  expect(looked(input).packages?.split('\n').slice(0, -1)).toEqual(releaseIn(bundle(input).entries).packages);
  expect(looked(input)['adoption.env']).toContain("KEEP_OPEN='8080'\nSSH_PORT='2222'\nSSH_FROM='198.51.100.0/24'\n");
});

test('behind a bastion, the firewall lets that in from the first trial on, and the look at the machine says so', () => {
  const bastion = { address: '198.51.100.7', privateAddress: '10.20.0.7', port: 22, user: 'jump', hostKey: 'AAAA' };
  const input = adopted({ hosts: [{ ...host, proxy: bastion }] });
  const rule =
    'ip saddr { 10.20.0.7/32 } tcp dport 2222 accept comment "operators administer the machine over SSH by way of the bastion"';
  expect(looked(input)['firewall.nft.conf']).toContain(rule);
  expect(looked(input)['adoption.env']).toContain("SSH_FROM='198.51.100.0/24, 10.20.0.7/32'\n");
  expect(firewall(adopted())).not.toContain('bastion');
});

test('a release is no reason to look again: only rules are, and what is kept open', () => {
  const before = looked(adopted());
  expect(looked(adopted({ services: [container({ image: 'registry.example/app:2.0.0' })] }))).toEqual(before);
  expect(looked(adopted({ hosts: [{ ...host, keepOpen: [8080, 9090] }] }))).not.toEqual(before);
  const wider = machineInput({ rules: [ssh], services: [container()], operators: ['192.0.2.0/24'] });
  expect(looked(adopted({}, wider))).not.toEqual(before);
});

test('a machine that was made here is not looked at so', () => {
  expect(() => adoption(machineInput(), bundle(machineInput()))).toThrow('shop-web-0 is no adopted machine');
});

test("whom docker's networks may not lie over: operators, who calls it, whom it calls", () => {
  const called = { ...host, address: '203.0.113.21', privateAddress: '172.20.0.21' };
  const { blueprint, ...input } = adopted({ hosts: [host, { ...host, address: '203.0.113.22' }] });
  const gateway = { from: { name: 'gateway', networks: ['172.19.0.0/24'] }, to: 'web', port: 80 } as const;
  const data = { from: { role: 'web' }, to: 'database', port: 3306 } as const;
  const more = [gateway, data].map((rule) => ({ ...rule, protocol: 'tcp', why: 'needed' }) as const);
  const roles = { ...blueprint.roles, database: { ...input.role, hosts: [called] } };
  const rules = [...blueprint.rules, ...more];
  const settings = looked({ ...input, blueprint: { ...blueprint, roles, rules } })['adoption.env'];
  // Not its like in the same role: one that leaves changes nothing here
  expect(settings).toContain("OTHERS='198.51.100.0/24 172.19.0.0/24 203.0.113.21 172.20.0.21'\n");
  expect(settings).toContain(
    `DOCKER_NETWORKS='{"bip":"172.30.192.1/26","default-address-pools":[{"base":"172.30.192.0/18","size":26}]}'\n`,
  );
});
