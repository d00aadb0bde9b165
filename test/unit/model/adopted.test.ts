import { expect, test } from 'vitest';
import { adoptedHost, machineRules } from '../../../src/model/adopted.ts';
import type { AdoptedHost } from '../../../src/model/adoptedHost.ts';
import type { Rule } from '../../../src/model/blueprint.ts';
import { reachability } from '../../../src/model/matrix.ts';
import { blueprint, role } from '../render/fixtures.ts';

const host = (own: Partial<AdoptedHost> = {}): AdoptedHost => ({
  address: '203.0.113.20',
  port: 22,
  user: 'debian',
  hostKey: 'ssh-ed25519 AAAA',
  keepOpen: [],
  ...own,
});
const rules: readonly Rule[] = [
  { from: 'operators', to: 'web', port: 22, protocol: 'tcp', why: 'SSH' },
  { from: 'internet', to: 'web', port: 443, protocol: 'tcp', why: 'users' },
  { from: { role: 'web' }, to: 'api', port: 22, protocol: 'tcp', why: 'a port of the system, not of SSH' },
];
const first = host({ port: 2222 });
const second = host({ address: '203.0.113.21', keepOpen: [8080] });
const shop = blueprint({ roles: { web: role({ count: 2, hosts: [first, second] }), api: role() }, rules });

test('a machine that the cloud makes is no adopted one, and has the rules of its role', () => {
  expect(adoptedHost(role(), 0)).toBeUndefined();
  expect(machineRules(shop, { role: 'api', index: 0 })).toEqual([rules[2]]);
});

test('an adopted one has its own SSH port, and what others use on it stays open over both protocols', () => {
  expect(machineRules(shop, { role: 'web', index: 0 }).map(({ port }) => port)).toEqual([2222, 443]);
  expect(
    machineRules(shop, { role: 'web', index: 1 }).map(({ from, port, protocol }) => [from, port, protocol]),
  ).toEqual([
    ['operators', 22, 'tcp'],
    ['internet', 443, 'tcp'],
    ['internet', 8080, 'tcp'],
    ['internet', 8080, 'udp'],
  ]);
});

test('behind a bastion, that may call its SSH port besides the operators, from where its connections come', () => {
  const bastion = { address: '198.51.100.7', port: 22, user: 'jump', hostKey: 'ssh-ed25519 AAAA' };
  const ssh = (proxy: AdoptedHost['proxy']) => {
    const web = role({ hosts: [host({ port: 2222, ...(proxy && { proxy }) })] });
    const of = machineRules(blueprint({ roles: { web }, rules }), { role: 'web', index: 0 });
    return of.filter(({ port }) => port === 2222).map(({ from }) => from);
  };
  expect(ssh(undefined)).toEqual(['operators']);
  expect(ssh(bastion)).toEqual(['operators', { networks: ['198.51.100.7/32'], name: 'bastion 198.51.100.7' }]);
  expect(ssh({ ...bastion, privateAddress: '10.20.0.7' })).toEqual([
    'operators',
    { networks: ['10.20.0.7/32'], name: 'bastion 198.51.100.7' },
  ]);
});

test('the matrix says which machines have which port, and equals what each one opens', () => {
  const rows = reachability(shop, { networks: ['198.51.100.0/24'], sshPublicKeys: [] });
  expect(rows.map(({ port, protocol, to }) => [`${port}/${protocol}`, ...to.machines])).toEqual([
    ['22/tcp', 'shop-api-0'],
    ['2222/tcp', 'shop-web-0'],
    ['443/tcp', 'shop-web-0', 'shop-web-1'],
    ['22/tcp', 'shop-web-1'],
    ['8080/tcp', 'shop-web-1'],
    ['8080/udp', 'shop-web-1'],
  ]);
});
