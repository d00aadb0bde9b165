import { expect, test } from 'vitest';
import type { Rule } from '../../../src/model/blueprint.ts';
import { doors, openings } from '../../../src/model/openings.ts';

const operators = ['198.51.100.0/24', '203.0.113.7/32'];
const rule = (own: Partial<Rule>): Rule => ({
  ...{ from: 'internet', to: 'web', port: 443, protocol: 'tcp', why: 'users' },
  ...own,
});

test('what several rules open is one opening with all their reasons, each once', () => {
  const rules = [rule({}), rule({ why: 'robots' }), rule({ port: 80 }), rule({})];
  expect(openings(rules, operators).map(({ port, why }) => [port, why])).toEqual([
    [443, 'users; robots'],
    [80, 'users'],
  ]);
});

test('operators are their networks, and a role is itself: who it is differs from cloud to cloud', () => {
  const from = [rule({ from: 'operators' }), rule({ from: { role: 'api' } })];
  expect(openings(from, operators).map((opening) => opening.from)).toEqual([
    { kind: 'operators', networks: operators },
    { kind: 'role', role: 'api' },
  ]);
});

test('a door is of one network: two parties that share one open it once', () => {
  const gateway = { name: 'gateway', networks: ['203.0.113.7/32', '192.0.2.0/28'] };
  const rules = [rule({ from: 'operators', why: 'repairs' }), rule({ from: gateway, why: 'traffic' })];
  expect(doors(rules, operators).map(({ from, why }) => [from, why])).toEqual([
    [{ network: '198.51.100.0/24' }, 'repairs'],
    [{ network: '203.0.113.7/32' }, 'repairs; traffic'],
    [{ network: '192.0.2.0/28' }, 'traffic'],
  ]);
});

test('a port that others keep open stays apart from the same port of the system: it is open over IPv6 too', () => {
  const both = openings([rule({}), rule({ kind: 'keepOpen', why: 'others' })], operators);
  expect(both.map(({ kind, why }) => [kind, why])).toEqual([
    [undefined, 'users'],
    ['keepOpen', 'others'],
  ]);
});
