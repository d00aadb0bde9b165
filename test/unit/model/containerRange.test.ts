import fc from 'fast-check';
import { expect, test } from 'vitest';
import { containerRange, containerRanges, dockerNetworks, freeRange } from '../../../src/model/containerRange.ts';
import type { Environment } from '../../../src/model/environment.ts';
import { namedNetworks, overlap } from '../../../src/model/networks.ts';

const environment = (networks: readonly string[], options: unknown = {}): Environment => ({
  name: 'preprod',
  operators: { networks, sshPublicKeys: [] },
  systems: { shop: { cloud: 'existing', restartEdge: false, allowDestroy: false, options } },
  network: '10.64.0.0/20',
  authority: 'letsencrypt',
  clouds: {},
});

/** Networks of every length, half of them about the ranges that docker may have */
const network = fc
  .tuple(
    fc.oneof(fc.nat(2 ** 32 - 1), fc.constantFrom(...containerRanges.map(number))),
    fc.integer({ min: 8, max: 32 }),
  )
  .map(([at, length]) => {
    const first = Math.floor(at / 2 ** (32 - length)) * 2 ** (32 - length);
    return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${length}`;
  });
const networks = fc.array(network, { maxLength: 4 });

function number(range: string): number {
  return (range.split('/')[0] ?? '').split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

/** Whether docker is left a range, and which */
const chosen = (named: readonly string[]) => freeRange(named.map((one) => ({ network: one })));

test('docker overlaps none of the networks that a file names', () => {
  fc.assert(
    fc.property(networks, (named) => {
      fc.pre(chosen(named) !== undefined);
      const range = containerRange(environment(named));
      for (const one of [...named, '10.64.0.0/20', '10.213.0.0/16']) expect(overlap(range, one)).toBe(false);
    }),
  );
});

test('the same networks give the same range in every order, and another one changes it only by lying over it', () => {
  fc.assert(
    fc.property(networks, network, (named, another) => {
      const range = chosen(named);
      expect(chosen([...named].reverse())).toBe(range);
      fc.pre(range !== undefined && !overlap(range, another));
      expect(chosen([...named, another])).toBe(range);
    }),
  );
});

test('no range overlaps another, what berth takes by default, or the networks of local machines', () => {
  const all = [...containerRanges, '10.64.0.0/20', '10.213.0.0/16'];
  for (const [index, one] of all.entries())
    for (const other of all.slice(index + 1)) expect([one, other, overlap(one, other)]).toEqual([one, other, false]);
});

test.each([
  ["a host's address", { web: { hosts: [{ address: '172.30.200.7' }] } }],
  ["a gateway's network", { tls: { mode: 'upstream', gatewayNetworks: ['172.30.0.0/16'] } }],
  ['the host of a URL', { api: 'http://172.30.200.7:8080/path' }],
  ['whom an application calls', { web: { env: { DATABASE_HOST: '172.30.200.7' } } }],
])('%s counts, wherever the file names it', (_name, options) => {
  expect(containerRange(environment([], options))).toBe('10.221.192.0/18');
});

test.each([
  ['whom an application trusts', { web: { env: { TRUSTED: '10.0.0.0/8,172.16.0.0/12' } } }],
  ['everything', { tls: { gatewayNetworks: ['0.0.0.0/0'] } }],
  ['a version', { version: '1.2.3', other: 'v172.30.200.7.1', wrong: '172.30.200.700' }],
])('%s counts not', (_name, options) => {
  expect(containerRange(environment([], options))).toBe('172.30.192.0/18');
});

test('where each one stands is known', () => {
  expect(namedNetworks({ a: [{ b: 'x' }, { b: '10.1.0.0/16,10.2.0.1' }] })).toEqual([
    { path: ['a', 1, 'b'], network: '10.1.0.0/16' },
    { path: ['a', 1, 'b'], network: '10.2.0.1' },
  ]);
});

test("docker's default network is the first of its range", () => {
  expect(dockerNetworks('10.221.192.0/18')).toEqual({
    bip: '10.221.192.1/26',
    'default-address-pools': [{ base: '10.221.192.0/18', size: 26 }],
  });
});
