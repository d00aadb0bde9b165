import { expect, test } from 'vitest';
import type { Rule } from '../../../src/model/blueprint.ts';
import { firewall } from '../../../src/render/firewall.ts';
import { container, machineInput } from './fixtures.ts';

const rule = (own: Partial<Rule>): Rule => ({
  from: 'internet',
  to: 'web',
  port: 443,
  protocol: 'tcp',
  why: 'users',
  ...own,
});

/** The lines that rules made */
const accepted = (rules: readonly Rule[]): string[] =>
  firewall(machineInput({ rules, operators: ['198.51.100.0/24', '203.0.113.7/32'] }))
    .split('\n')
    .filter((line) => line.includes('comment'))
    .map((line) => line.trim());

test.each<[string, Partial<Rule>, string]>([
  ['everybody, over IPv4', {}, 'meta nfproto ipv4 tcp dport 443 accept comment "users"'],
  [
    'operators',
    { from: 'operators', port: 22 },
    'ip saddr { 198.51.100.0/24, 203.0.113.7/32 } tcp dport 22 accept comment "users"',
  ],
  [
    'a role',
    { from: { role: 'api' }, port: 3306 },
    'ip saddr { 192.0.2.20, 192.0.2.21 } tcp dport 3306 accept comment "users"',
  ],
  [
    'a named party',
    { from: { networks: ['192.0.2.0/28'], name: 'gateway' }, port: 80 },
    'ip saddr { 192.0.2.0/28 } tcp dport 80 accept comment "users"',
  ],
  ['another protocol', { protocol: 'udp', port: 53 }, 'meta nfproto ipv4 udp dport 53 accept comment "users"'],
])('a rule that lets in %s', (_, own, line) => expect(accepted([rule(own)])).toEqual([line]));

test('a port that a container exposes is opened on its way through docker too, to the same parties', () => {
  const rules = [rule({ from: { role: 'api' }, port: 3306, why: 'queries' }), rule({})];
  const services = [container({ name: 'database', rollout: 'replace', port: 3306, exposed: 3306 })];
  const lines = firewall(machineInput({ rules, services })).split('\n');
  const forwarded = lines.slice(lines.findIndex((line) => line.includes('hook forward')));
  expect(forwarded.filter((line) => line.includes('comment')).map((line) => line.trim())).toEqual([
    'ip saddr { 192.0.2.20, 192.0.2.21 } ct status dnat meta l4proto tcp ct original proto-dst 3306 accept comment "queries"',
  ]);
  expect(forwarded.findIndex((line) => line.includes('3306'))).toBeLessThan(
    forwarded.findIndex((line) => line.trim() === '}'),
  );
});

test("another role's rules open nothing here", () => expect(accepted([rule({ to: 'api' })])).toEqual([]));

test('a reason cannot end its quotes', () => {
  expect(accepted([rule({ why: 'a "b" accept' })])).toEqual([
    `meta nfproto ipv4 tcp dport 443 accept comment "a 'b' accept"`,
  ]);
});

test("a peer's unknown address is an error, not a rule", () => {
  const input = machineInput({ rules: [rule({ from: { role: 'api' } })] });
  const { 'machines.api.1.privateAddress': _, ...facts } = input.facts;
  expect(() => firewall({ ...input, facts })).toThrow('fact machines.api.1.privateAddress is not known here');
});

test('without rules everything is closed', () => {
  const text = firewall(machineInput());
  expect(text).toContain('hook input priority filter; policy drop;');
  expect(text).not.toMatch(/dport .*accept/);
});
