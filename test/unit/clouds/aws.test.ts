import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acceptedName, cron, description, networkPlan, privateAddress, zoneOf } from '../../../src/clouds/aws/plan.ts';
import { ingressOf } from '../../../src/clouds/aws/rules.ts';
import { accepted, cacheToken, userPassword } from '../../../src/clouds/aws/secret.ts';
import type { Rule, Source } from '../../../src/model/blueprint.ts';

describe('the network', () => {
  test('is split over two zones, of each the first half for machines', () => {
    expect(networkPlan('10.64.0.0/20')).toEqual({
      range: '10.64.0.0/20',
      zones: [
        { subnet: '10.64.0.0/21', machines: '10.64.0.0/22' },
        { subnet: '10.64.8.0/21', machines: '10.64.8.0/22' },
      ],
    });
  });

  test('is a /16 at most', () => expect(networkPlan('10.0.0.0/8').range).toBe('10.0.0.0/16'));

  test('whatever its size, its zones fill it, and a planned address lies in the half of its zone', () =>
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 22 }), fc.nat({ max: 14 }), fc.nat({ max: 15 }), (length, role, index) => {
        const plan = networkPlan(`10.0.0.0/${length}`);
        const [first, second] = plan.zones.map(({ subnet }) => bounds(subnet));
        expect([first?.from, second?.to]).toEqual([bounds(plan.range).from, bounds(plan.range).to]);
        expect(second?.from).toBe((first?.to ?? 0) + 1);
        const machine = { system: 'shop', role: `r${role}`, index };
        const address = bounds(`${privateAddress(plan, { slot: role }, machine)}/32`).from;
        const { from, to } = bounds(plan.zones[zoneOf(machine)].machines);
        // AWS keeps the first four of a subnet
        expect(address >= from + 4 && address <= to).toBe(true);
      }),
    ));
});

test('a name begins with nothing that AWS keeps for itself, and is otherwise what its words say', () => {
  expect(acceptedName(['shop', 'web', 'prod'], 255)).toBe('shop-web-prod');
  expect(acceptedName(['sg', 'web', 'prod'], 255)).toBe('berth-sg-web-prod');
  for (const system of ['internal', 'xn', 'sthree', 'amzn'])
    expect(acceptedName([system, 'front', 'prod'], 32)).toMatch(new RegExp(`^berth-${system}-front-prod$`));
  expect(acceptedName(['sgx', 'internals'], 32)).toBe('sgx-internals');
  expect(acceptedName(['sg', 'a'.repeat(40)], 32)).toMatch(/^berth-sg-a+-[0-9a-f]{6}$/);
});

test('hours are a cron of EventBridge, with the days of the week by name', () => {
  const hours = { days: ['mon', 'sun'], start: '08:05', stop: '19:30', zone: 'Europe/Paris' } as const;
  expect(cron(hours, 'start')).toBe('cron(5 8 ? * MON,SUN *)');
  expect(cron(hours, 'stop')).toBe('cron(30 19 ? * MON,SUN *)');
});

test('a reason is told in the characters and the length that AWS takes', () => {
  expect(description("the provider's gateway: déjà vu → ok?")).toBe('the providers gateway: deja vu  ok');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (why) => {
      expect(description(why)).toMatch(/^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{0,255}$/);
    }),
  );
});

test.each([
  [userPassword, 'Abcdef-1', true],
  [userPassword, 'Abc-1', false],
  [userPassword, 'abcdefg-1', false],
  [userPassword, 'Abcdefgh1', false],
  [cacheToken, '0123456789abcdef', true],
  [cacheToken, '0123456789abcde', false],
  [cacheToken, '0123456789abcdef@', false],
])('a secret that AWS would refuse is refused before, and not shown: %o %s', (form, text, right) => {
  if (right) expect(accepted(text, 'shop/password', form)).toBe(text);
  else {
    const refusal = () => accepted(text, 'shop/password', form);
    expect(refusal).toThrow(`berth:secrets["shop/password"] is not accepted by AWS: allowed are ${form.allowed}`);
    expect(refusal).not.toThrow(text);
  }
});

const operators = { networks: ['192.0.2.0/24', '198.51.100.0/28'], sshPublicKeys: [] };
const parties = ['a', 'b', 'c'];
const networks = ['192.0.2.0/24', '203.0.113.0/24', '10.9.0.0/16', '0.0.0.0/0'];
const source: fc.Arbitrary<Source> = fc.oneof(
  fc.constant('internet' as const),
  fc.constant('operators' as const),
  fc.constantFrom(...parties).map((role) => ({ role })),
  fc.subarray(networks, { minLength: 1 }).map((list) => ({ networks: list, name: 'gateway' })),
);
const rule: fc.Arbitrary<Rule> = fc.record({
  from: source,
  to: fc.constantFrom(...parties),
  port: fc.constantFrom(22, 80, 443),
  protocol: fc.constantFrom('tcp' as const, 'udp' as const),
  why: fc.constantFrom('one reason', 'another'),
});

describe('what the rules let in', () => {
  test('is let in once by one name, whatever the list', () =>
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 12 }), (rules) => {
        const doors = ingressOf(rules, operators);
        const opened = doors.map(({ to, protocol, port, from }) => JSON.stringify([to, protocol, port, from]));
        expect(new Set(opened).size).toBe(doors.length);
        expect(new Set(doors.map(({ name }) => name)).size).toBe(doors.length);
      }),
    ));
});

function bounds(cidr: string): { from: number; to: number } {
  const [address = '', length = ''] = cidr.split('/');
  const from = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return { from, to: from + 2 ** (32 - Number(length)) - 1 };
}
