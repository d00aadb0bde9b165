import { expect, test } from 'vitest';
import { costChange, costSaid } from '../../../src/cli/cost/change.ts';
import { costItems } from '../../../src/cli/cost/items.ts';
import { ownPrices, withOwn } from '../../../src/cli/cost/ownPrices.ts';
import { totals } from '../../../src/cli/cost/report.ts';
import { costDifference } from '../../../src/cli/preview/cost.ts';
import { clouds as registry } from '../../../src/clouds/registry.ts';
import type { PriceTable } from '../../../src/model/prices.ts';
import { clouds as names, read, type Stack, stackOf } from '../../stack/samples.ts';
import { berthHere, checkout, put, temporaryFolder } from './berth.ts';

/** A table in which each kind of part has a price of its own */
const table: PriceTable = {
  ...{ currency: 'USD', date: '2026-01-01', sources: ['made up for this test'] },
  regions: {
    '*': {
      ...{ machineHour: { 't3.medium': 1 }, diskGbMonth: 0.1, volumeGbMonth: 0.5, addressHour: 0.01 },
      ...{ balancerHour: 0.02, cacheHour: { 'cache.t4g.micro': 0.03 } },
    },
  },
};

const itemsOf = (stack: Stack, prices = table) => {
  const cloud = registry[stack.cloud];
  if (!cloud) throw new Error(`no cloud ${stack.cloud}`);
  return read(stack, 'preprod').blueprints.flatMap((blueprint) =>
    costItems(blueprint, 'eu-west-3', { ...cloud, prices }),
  );
};

test('machines, disks, addresses, the balancer and the cache of a cloud have their prices, by number and size', () => {
  const items = itemsOf(stackOf('mad', 'aws'));
  const month = Object.fromEntries(items.map((item) => [item.what, item.month]));
  expect(month).toEqual({
    'api: 2 × t3.medium': 1460,
    'api: 2 × disk of 10 GB': 2,
    'api: 2 × public address': 14.6,
    'balancer: 1 × t3.medium': 730,
    'balancer: 1 × disk of 10 GB': 1,
    'balancer: 1 × public address': 7.3,
    'web: 2 × t3.medium': 1460,
    'web: 2 × disk of 10 GB': 2,
    'web: 2 × public address': 14.6,
    'client: 2 × t3.medium': 1460,
    'client: 2 × disk of 10 GB': 2,
    'client: 2 × public address': 14.6,
    'balancer front': 14.6,
    'cache redis: 1 × cache.t4g.micro': 21.9,
  });
  expect(totals(items)).toEqual({ USD: 5204.6 });
});

test('machines that run by a schedule count for its hours, data disks for all', () => {
  const schedule = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], start: '09:00', stop: '18:00', zone: 'Europe/Paris' };
  const items = itemsOf(stackOf('lostops', 'aws', {}, { app: { size: 't3.medium', schedule } }));
  const of = (what: string) => items.find((item) => item.what === what)?.month;
  expect(of('app: 1 × t3.medium, 45 of 168 hours a week')).toBeCloseTo((730 * 45) / 168, 6);
  expect(of('database: 1 × data disk of 20 GB')).toBe(10);
});

test('machines that run over midnight count from their start to the stop of the day after', () => {
  const schedule = { days: ['mon', 'tue'], start: '22:00', stop: '06:00', zone: 'Europe/Paris' };
  const items = itemsOf(stackOf('lostops', 'aws', {}, { app: { size: 't3.medium', schedule } }));
  // From Monday to Tuesday, and from Tuesday to the next Monday, the next day with a stop
  expect(items.map(({ what }) => what)).toContain(`app: 1 × t3.medium, ${8 + 128} of 168 hours a week`);
});

test('a price that is not in the table is not known, and nothing is made up', () => {
  const items = itemsOf(stackOf('mad', 'aws'), { ...table, regions: { elsewhere: table.regions['*'] ?? {} } });
  expect(items.length).toBeGreaterThan(10);
  expect(items.filter(({ month }) => month !== undefined)).toEqual([]);
  expect(totals(items)).toEqual({});
});

test('machines that exist already and those of this computer cost nothing', () => {
  expect(itemsOf(stackOf('mad', 'existing'))).toEqual([]);
  expect(itemsOf(stackOf('mad', 'local'))).toEqual([]);
});

test('systems of every shape can be asked on every cloud', () => {
  for (const system of ['lostops', 'mad', 'catalogage'] as const)
    for (const cloud of names) expect(() => itemsOf(stackOf(system, cloud)), `${system} on ${cloud}`).not.toThrow();
});

test("each cloud's table says its currency, its day and its sources, and has no price below zero", () => {
  const tables = Object.values(registry).flatMap(({ prices }) => prices ?? []);
  expect(tables.length).toBeGreaterThan(1);
  for (const { date, sources, regions } of tables) {
    expect(date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(sources.length).toBeGreaterThan(0);
    const numbers = JSON.stringify(regions).match(/-?\d+\.\d+/g) ?? [];
    expect(numbers.length).toBeGreaterThan(0);
    for (const number of numbers) expect(Number(number)).toBeGreaterThanOrEqual(0);
  }
});

test('prices of one’s own take the place of the table’s, and a mistake in them is named', () => {
  const own = ownPrices(
    'aws: { currency: USD, date: 2026-11-01, sources: [our offer], regions: { "*": { machineHour: { t3.micro: 2 } } } }',
    'prices.yaml',
  );
  const both = withOwn('aws', table, own.aws);
  expect(both?.regions['*']).toMatchObject({ machineHour: { 't3.medium': 1, 't3.micro': 2 }, addressHour: 0.01 });
  expect(both).toMatchObject({ date: '2026-01-01', sources: ['made up for this test', 'our offer'] });
  expect(() => ownPrices('aws: { currency: GBP }', 'prices.yaml')).toThrow(
    /prices\.yaml is no table of prices\n {2}aws\.currency/,
  );
  const euros = { ...table, currency: 'EUR' } as const;
  expect(() => withOwn('aws', table, euros)).toThrow('prices of aws are in USD, and yours in EUR');
});

test('berth cost says what is left out and how old the prices are, as text and as JSON', async () => {
  const text = await berthHere(['cost', 'preprod']);
  expect(text.code).toBe(0);
  expect(text.stdout).toMatch(/^mad +api: 2 × public address +7\.30 USD$/m);
  expect(text.stdout).toMatch(/^basegun +web: 1 × s1-2 +not known$/m);
  expect(text.stdout).toMatch(/left out: \d+ of \d+ parts, whose price is not known\nleft out: traffic, .*buckets/);
  const prices = temporaryFolder();
  put(
    prices,
    'own.yaml',
    'openstack: { currency: EUR, date: 2026-11-01, sources: [x], regions: { GRA7: { machineHour: { s1-2: 0.01 } } } }',
  );
  const json = await berthHere(['cost', 'preprod', '--system', 'basegun', '--json', '--prices', `${prices}/own.yaml`]);
  const { month, items } = JSON.parse(json.stdout);
  expect(month).toEqual({ EUR: 7.3 });
  expect(items.map((item: { month: unknown }) => item.month)).toEqual([7.3, null]);
  const unknown = await berthHere(['cost', 'preprod', '--system', 'shop']);
  expect(unknown).toMatchObject({ code: 1, stdout: '' });
});

test('a pull request says what it does to the cost: before and after, and which parts', async () => {
  const said = (month: number, ...parts: string[]) =>
    costSaid(JSON.stringify({ month: { USD: month }, items: parts.map((what) => ({ system: 'mad', what, month })) }));
  const former = said(7.3, 'api: 2 × public address');
  expect(costChange(former, said(14.6, 'api: 4 × public address'))).toBe(
    'Cost a month by list prices: 7.30 USD → 14.60 USD.\n\n- gone: mad api: 2 × public address\n- new: mad api: 4 × public address',
  );
  expect(costChange(former, former)).toBe('Cost a month by list prices: 7.30 USD, as before.');
  expect(costChange(undefined, former)).toBe('Cost a month by list prices: 7.30 USD.');
  await expect(costDifference('preprod', checkout)).resolves.toMatch(
    /^Cost a month by list prices: .* as before; \d+ of \d+ parts/,
  );
});
