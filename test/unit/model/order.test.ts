import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Role, Rule } from '../../../src/model/blueprint.ts';
import { releaseOrder, rolesBefore } from '../../../src/model/order.ts';
import { role } from '../render/fixtures.ts';

const system = (roles: readonly string[], calls: readonly (readonly [from: string, to: string])[]) => ({
  roles: Object.fromEntries(roles.map((name) => [name, role()])) satisfies Record<string, Role>,
  rules: calls.map(([from, to]): Rule => ({ from: { role: from }, to, port: 80, protocol: 'tcp', why: 'calls' })),
});

test('data, then api, then balancer, then clients', () => {
  const calls = [
    ['client', 'balancer'],
    ['balancer', 'api'],
    ['api', 'database'],
  ] as const;
  expect(releaseOrder(system(['client', 'balancer', 'api', 'database'], calls))).toEqual([
    'database',
    'api',
    'balancer',
    'client',
  ]);
});

test('roles that nobody calls keep the order of their blueprint', () => {
  expect(releaseOrder(system(['web', 'api', 'database'], []))).toEqual(['web', 'api', 'database']);
});

test('who is open to the world, to operators or to itself waits for nobody', () => {
  const made = system(['web', 'api'], [['web', 'web']]);
  const open: Rule[] = ['internet', 'operators'].map((from) => ({ ...made.rules[0], from, to: 'api' }) as Rule);
  expect(releaseOrder({ ...made, rules: [...made.rules, ...open] })).toEqual(['web', 'api']);
});

test('a circle is refused, with the circle', () => {
  const calls = [
    ['web', 'api'],
    ['api', 'queue'],
    ['queue', 'api'],
  ] as const;
  expect(() => releaseOrder(system(['web', 'api', 'queue'], calls))).toThrow(
    'roles call each other in a circle: web → api → queue → api',
  );
});

test('whoever is called comes before who calls, and each role comes once', () => {
  const roles = ['a', 'b', 'c', 'd', 'e', 'f'];
  const pair = fc.tuple(fc.nat(5), fc.nat(5)).filter(([from, to]) => from < to);
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 12 }), fc.shuffledSubarray(roles, { minLength: 6 }), (pairs, declared) => {
      const calls = pairs.map(([from, to]) => [roles[from] ?? '', roles[to] ?? ''] as const);
      const order = releaseOrder(system(declared, calls));
      expect([...order].sort()).toEqual(roles);
      for (const [from, to] of calls) expect(order.indexOf(to)).toBeLessThan(order.indexOf(from));
    }),
  );
});

test('a role waits for those alone that it calls or names: others go beside it', () => {
  const calls = [
    ['front', 'web'],
    ['balancer', 'api'],
    ['monitoring', 'api'],
    ['monitoring', 'web'],
  ] as const;
  const made = system(['client', 'balancer', 'api', 'front', 'web', 'monitoring'], calls);
  const roles = { ...made.roles, client: role({ after: ['balancer', 'cloud-balancer'] }) };
  expect(rolesBefore({ ...made, roles })).toEqual({
    ...{ api: [], web: [], balancer: ['api'], front: ['web'] },
    ...{ monitoring: ['api', 'web'], client: ['balancer'] },
  });
  expect(releaseOrder({ ...made, roles })).toEqual(['api', 'balancer', 'client', 'web', 'front', 'monitoring']);
});
