import fc from 'fast-check';
import { expect, test } from 'vitest';
import { securityRules } from '../../../src/clouds/azure/rules.ts';
import type { Rule } from '../../../src/model/blueprint.ts';

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

/** What a list says, one line for each source, target and port */
const wanted = (list: readonly Rule[]): string[] =>
  list.flatMap(({ from, to, port, protocol }) =>
    sourcesOf(from).map((source) => `${source} → ${to} ${protocol} ${port}`),
  );

function sourcesOf(from: Rule['from']): readonly string[] {
  if (from === 'internet') return ['Internet'];
  if (from === 'operators') return operators;
  return 'role' in from ? [`group of ${from.role}`] : from.networks;
}

/** What Azure would let in, in the same words: the first rule that fits decides, by priority */
const letIn = (list: readonly Rule[]): string[] => {
  const inbound = [...made(list)].sort((a, b) => Number(a.priority) - Number(b.priority)) as unknown as Inbound[];
  const denied = inbound.findIndex(({ access }) => access === 'Deny');
  return inbound.slice(0, denied).flatMap((one) => {
    const sources = [
      ...(one.sourceAddressPrefixes ?? []),
      ...(one.sourceAddressPrefix === undefined ? [] : [one.sourceAddressPrefix]),
      ...(one.sourceApplicationSecurityGroups ?? []).map(({ id }) => id),
    ];
    const targets = one.destinationApplicationSecurityGroups.map(({ id }) => id.replace('group of ', ''));
    const what = `${one.protocol.toLowerCase()} ${one.destinationPortRange}`;
    return sources.flatMap((source) => targets.map((target) => `${source} → ${target} ${what}`));
  });
};

interface Inbound {
  access: string;
  protocol: string;
  sourceAddressPrefix?: string;
  sourceAddressPrefixes?: string[];
  sourceApplicationSecurityGroups?: { id: string }[];
  destinationApplicationSecurityGroups: { id: string }[];
  destinationPortRange: string;
}

test('what the security group lets in equals the list of rules, whatever the list', () => {
  fc.assert(
    fc.property(rules, (list) => {
      expect(new Set(letIn(list))).toEqual(new Set(wanted(list)));
    }),
  );
});

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
