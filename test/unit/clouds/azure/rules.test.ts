import fc from 'fast-check';
import { expect, test } from 'vitest';
import { securityRules } from '../../../../src/clouds/azure/rules.ts';
import type { Rule } from '../../../../src/model/blueprint.ts';

const operators = ['198.51.100.0/24'];
const roles = ['web', 'api', 'database'] as const;
const groups = Object.fromEntries(roles.map((role) => [role, `group of ${role}`]));
const made = (rules: readonly Rule[]) => securityRules(rules, operators, groups);

const rule: fc.Arbitrary<Rule> = fc.record({
  from: fc.oneof(
    fc.constantFrom('internet', 'operators'),
    fc.record({ role: fc.constantFrom(...roles) }),
    fc.record({
      name: fc.constantFrom('gateway', 'office'),
      networks: fc.subarray(['192.0.2.0/28', '192.0.2.32/28', '203.0.113.0/24'], { minLength: 1 }),
    }),
  ) as fc.Arbitrary<Rule['from']>,
  to: fc.constantFrom(...roles),
  port: fc.constantFrom(22, 80, 443, 3306, 65535),
  protocol: fc.constantFrom('tcp', 'udp'),
  why: fc.string({ maxLength: 300 }),
});
const rules = fc.array(rule, { maxLength: 40 });
/** So many that some priorities meet */
const manyRules = fc.array(
  fc.tuple(rule, fc.integer({ min: 1, max: 65535 })).map(([one, port]) => ({ ...one, port })),
  { minLength: 60, maxLength: 90 },
);

test('what no rule names is closed last, between the machines of the network too', () => {
  fc.assert(
    fc.property(rules, (list) => {
      const [last, ...others] = [...made(list)].sort((a, b) => Number(b.priority) - Number(a.priority));
      expect(last).toMatchObject({ access: 'Deny', direction: 'Inbound', protocol: '*', sourceAddressPrefix: '*' });
      for (const { access, direction } of others) expect([access, direction]).toEqual(['Allow', 'Inbound']);
    }),
  );
});

test('names and priorities are within the limits of Azure, and each its own', () => {
  fc.assert(
    fc.property(fc.oneof(rules, manyRules), (list) => {
      const all = made(list);
      for (const { name, priority, description } of all) {
        expect(name).toMatch(/^[a-z0-9][a-z0-9-]{0,78}[a-z0-9]$/);
        expect(priority).toSatisfy((value: number) => Number.isInteger(value) && value >= 100 && value <= 4096);
        expect(String(description).length).toBeLessThanOrEqual(140);
      }
      expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
      expect(new Set(all.map(({ priority }) => priority)).size).toBe(all.length);
    }),
  );
});

test('a rule in the middle renumbers no other, and another reason for one changes its description alone', () => {
  const named = (from: Rule['from'], to: string, port: number): Rule => ({ from, to, port, protocol: 'tcp', why: 'x' });
  const before = [named('internet', 'web', 443), named({ role: 'web' }, 'api', 3000), named('operators', 'web', 22)];
  const [first, ...rest] = before as [Rule, ...Rule[]];
  const after = [{ ...first, why: 'another reason' }, named({ role: 'api' }, 'database', 3306), ...rest];
  const numbers = (list: readonly Rule[]) =>
    Object.fromEntries(made(list).map(({ name, priority }) => [name, priority]));
  expect(numbers(after)).toMatchObject(numbers(before));
  expect(Object.keys(numbers(after))).toHaveLength(5);
  expect(made(after)[0]?.description).toBe('another reason');
});

test('a rule that names no role of the system is a defect that says so', () => {
  const wrong: Rule = { from: 'internet', to: 'nobody', port: 80, protocol: 'tcp', why: 'x' };
  expect(() => made([wrong])).toThrow('a rule names nobody, which is none of the roles web, api, database');
});
