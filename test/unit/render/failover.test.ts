import { expect, test } from 'vitest';
import type { Edge } from '../../../src/model/edge.ts';
import type { Failover } from '../../../src/model/failover.ts';
import { vrrpRule } from '../../../src/model/failover.ts';
import { bundle } from '../../../src/render/bundle.ts';
import { machineNeeds } from '../../../src/render/needs.ts';
import { blueprint, container, machineInput, role } from './fixtures.ts';

const edge: Edge = {
  kind: 'nginx',
  tls: { kind: 'acme', email: 'ops@example.org', directory: 'https://acme/dir', authority: '', httpsPort: 443 },
  routes: [{ domain: 'api.example.org', prefix: '/', service: 'web' }],
  drainSeconds: 2,
  uploads: { largestMb: 5, atOnce: 20 },
};
const health = { path: '/health', command: ['true'], deadlineSeconds: 5 };

/** What one of two machines with a common address is given */
function given(index: number, failover?: Failover) {
  const front = role({
    ...{ count: 2, slot: 3, edge, services: [container({ name: 'web', port: 80, health })] },
    ...(failover && { failover }),
  });
  const rules = failover === 'address' ? [vrrpRule('front')] : [];
  const shop = blueprint({ roles: { front }, rules });
  const machine = { system: 'shop', role: 'front', index };
  const { refs } = machineNeeds(shop, front, machine);
  const known: Record<string, string> = {
    'machines.front.0.privateAddress': '10.0.0.64',
    'machines.front.1.privateAddress': '10.0.0.65',
    'failovers.front.privateAddress': '10.0.0.79',
  };
  // Only what it says that it needs
  const facts = Object.fromEntries(refs.map((name) => [name, known[name] ?? '']));
  const { entries } = bundle({ ...machineInput({}), blueprint: shop, role: front, machine, facts });
  const release = JSON.parse(entries['release.json'] ?? '') as { packages: string[]; units: string[] };
  return { entries, release, site: entries['files/etc/nginx/conf.d/berth-shop.conf'] ?? '' };
}

test('each machine tells the other that it serves, and takes the common address beside its own', () => {
  const { entries, release } = given(1, 'address');
  const text = entries['files/etc/berth/address.conf'] ?? '';
  expect(text).toMatch(/unicast_src_ip 10\.0\.0\.65\n {2}unicast_peer {\n {4}10\.0\.0\.64\n {2}}/);
  expect(text).toContain('10.0.0.79/32 dev @interface@');
  expect(text).toContain('virtual_router_id 53');
  expect(text).toContain('--resolve api.example.org:443:127.0.0.1 https://api.example.org/health');
  expect(release.packages).toContain('keepalived');
  expect(release.units).toContain('keepalived.service');
});

test('of several that serve, the one that has the address keeps it: all have one priority', () => {
  const [first, second] = [0, 1].map((index) => given(index, 'address').entries['files/etc/berth/address.conf'] ?? '');
  const priority = (text = '') => /^ {2}priority (\d+)$/m.exec(text)?.[1];
  expect(priority(first)).toMatch(/^\d+$/);
  expect(priority(first)).toBe(priority(second));
  expect(Number(/^ {2}weight (\d+)$/m.exec(first ?? '')?.[1])).toBeGreaterThan(0);
});

test('the firewall lets VRRP in from the other machine alone', () => {
  const lines = (given(0, 'address').entries['files/etc/berth/firewall.nft.conf'] ?? '').split('\n');
  expect(lines.filter((line) => line.includes('112'))).toEqual([
    expect.stringMatching(/^ +ip saddr { 10\.0\.0\.64, 10\.0\.0\.65 } meta l4proto 112 accept comment "/),
  ]);
});

test.each(['address', 'service'] as const)(
  'by %s, what an authority asks of one machine the other answers, once',
  (by) => {
    const { site } = given(0, by);
    expect(site).toMatch(/location @peer {[^}]*proxy_pass http:\/\/10\.0\.0\.65;/);
    expect(site).toMatch(/location \/\.well-known\/berth-challenge\/ {[^}]*alias [^}]*}/);
    expect(site.match(/error_page 404/g)).toHaveLength(1);
  },
);

test('without a common address there is none of it', () => {
  const { entries, release, site } = given(0);
  expect(entries).not.toHaveProperty('files/etc/berth/address.conf');
  expect(release.packages).not.toContain('keepalived');
  expect(site).not.toContain('@peer');
});

test('where a service has the address, no machine takes it', () => {
  const { entries, release } = given(0, 'service');
  expect(entries).not.toHaveProperty('files/etc/berth/address.conf');
  expect(release.packages).not.toContain('keepalived');
});
