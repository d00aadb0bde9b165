import { isIPv4 } from 'node:net';
import fc from 'fast-check';
import { addressAt, machineOffset } from '../../../src/model/address.ts';
import type { Blueprint, Rule } from '../../../src/model/blueprint.ts';
import { machinesOf } from '../../../src/model/machines.ts';
import { machineName } from '../../../src/model/names.ts';
import { roleOf, shop } from '../shop.ts';
import { type Asked, type Caller, type Door, letsIn, within } from './doors.ts';

// The rules that every cloud gets, who tries each door of them, and what the list itself says to that.

export const operators = ['198.51.100.0/25', '198.51.100.128/26'];
const partners = ['192.0.2.0/28', '192.0.2.64/27', '203.0.113.128/25'];
const range = '10.64.0.0/20';

/** Three roles without services, of which one has two machines */
export const blueprintOf = (rules: readonly Rule[], size: string): Blueprint => ({
  ...shop,
  roles: {
    web: roleOf(size)({ count: 2, slot: 0 }),
    api: roleOf(size)({ slot: 1 }),
    database: roleOf(size)({ slot: 2 }),
  },
  ...{ rules, logStreams: [], records: [] },
});

const example = blueprintOf([], 'any');
const roles = Object.keys(example.roles);
const machines = machinesOf(example).map(({ machine, role }, index) => ({
  ...{ name: machineName(machine), role: machine.role, index: machine.index },
  addresses: [addressAt(range, machineOffset(role.slot, machine.index)), `203.0.113.${20 + index}`],
}));

/** Where a machine's peers see it */
export const privateAddress = (role: string, index: number): string =>
  machines.find((machine) => machine.role === role && machine.index === index)?.addresses[0] ?? '';

const ports = [22, 80, 443, 65_535];
/** Which no rule names */
const unnamed = 81;
const protocols = ['tcp', 'udp'] as const;

export const ruleLists: fc.Arbitrary<readonly Rule[]> = fc.array(
  fc.record({
    from: fc.oneof(
      fc.constantFrom('internet' as const, 'operators' as const),
      fc.constantFrom(...roles).map((role) => ({ role })),
      fc.record({ name: fc.constantFrom('gateway', 'office'), networks: fc.subarray(partners, { minLength: 1 }) }),
    ),
    to: fc.constantFrom(...roles),
    port: fc.constantFrom(...ports),
    protocol: fc.constantFrom(...protocols),
    why: fc.constantFrom('customers buy', 'orders are stored'),
  }),
  { maxLength: 20, size: 'max' },
);

/** A party with every address that it calls from: a machine has one among its peers, and one for the world */
interface Party {
  name: string;
  calls: readonly Caller[];
  role?: string;
}

const stranger = (address: string): Party => ({ name: address, calls: [{ address }] });

const parties: readonly Party[] = [
  ...machines.map(({ name, role, addresses }) => ({
    ...{ name, role },
    calls: addresses.map((address) => ({ address, machine: name })),
  })),
  // The first and the last address of each network, and the next one, which is outside
  ...['198.51.100.0', '198.51.100.127', '198.51.100.128', '198.51.100.191', '198.51.100.192'].map(stranger),
  ...['192.0.2.0', '192.0.2.15', '192.0.2.16', '192.0.2.63', '192.0.2.64', '192.0.2.95', '192.0.2.96'].map(stranger),
  ...['203.0.113.127', '203.0.113.128', '203.0.113.255', '2001:db8::20'].map(stranger),
];

/** Every answer of some doors that is not the list's own, in words; none where they are the same */
export function differences(doors: readonly Door[], rules: readonly Rule[]): readonly string[] {
  return parties.flatMap((party) => {
    const theirs = rules.filter(({ from }) => means(from, party));
    return questions.flatMap(({ to, role, port, protocol }) => {
      const wanted = theirs.some((rule) => rule.to === role && rule.port === port && rule.protocol === protocol);
      const found = party.calls.some((call) => letsIn(doors, call, { to, port, protocol }));
      return wanted === found ? [] : `${party.name} → ${to} ${port}/${protocol} is ${found ? 'open' : 'shut'}`;
    });
  });
}

const questions: readonly (Asked & { role: string })[] = machines.flatMap(({ name, role }) =>
  [...ports, unnamed].flatMap((port) => protocols.map((protocol) => ({ to: name, role, port, protocol }))),
);

/** Whether a source of the model means a party. Its networks are IPv4 alone: nobody gets in over IPv6 */
function means(from: Rule['from'], { calls, role }: Party): boolean {
  if (from === 'internet') return calls.some(({ address }) => isIPv4(address));
  if (from === 'operators') return operators.some((network) => calls.some(within(network)));
  return 'role' in from ? from.role === role : from.networks.some((network) => calls.some(within(network)));
}
