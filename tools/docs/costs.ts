import { hoursOfMonth, type PriceTable, type RegionPrices } from '../../src/model/prices.ts';
import { plain, table } from './markdown.ts';
import type { Generated } from './reference.ts';

/** The dated list prices that `berth cost` reads, as a month's price of each part */
export function costPage(tables: readonly (readonly [cloud: string, prices: PriceTable | undefined])[]): Generated {
  const text = [
    '# What a month costs',
    '[`berth cost <stack>`](/reference/commands/cost.md) adds up the list prices of a stack from these tables, without a network. ' +
      'They hold what public documents say, on the day that stands beside them; a price that is not here is not guessed: ' +
      '`berth cost` names the part and leaves it out of the sum. `--prices FILE` brings your own. Taxes, discounts, free tiers ' +
      'and what is paid by use (traffic, requests, stored data) are never in it.',
    `A month has ${hoursOfMonth} hours.`,
    ...tables.flatMap(([cloud, prices]) => (prices ? cloudText(cloud, prices) : [])),
  ];
  return { path: 'reference/costs', label: 'What a month costs', text: `${text.join('\n\n')}\n` };
}

const cloudText = (cloud: string, { currency, date, sources, regions }: PriceTable): readonly string[] => [
  `## ${cloud}`,
  `The oldest price is of ${date}.`,
  table(
    ['part', 'region', `${currency} a month`],
    Object.entries(regions).flatMap(([region, prices]) =>
      rows(prices).map(([part, price]) => [part, region === '*' ? 'every region' : region, price]),
    ),
  ),
  `From: ${sources.map(plain).join('; ')}.`,
];

const rows = (prices: RegionPrices): readonly (readonly [string, string])[] => [
  ...Object.entries(prices.machineHour ?? {}).map(([size, hour]) => [`machine ${size}`, monthly(hour)] as const),
  ...given('disk that a machine boots from, each GB', prices.diskGbMonth),
  ...given('data disk, each GB', prices.volumeGbMonth),
  ...given('public address', prices.addressHour && prices.addressHour * hoursOfMonth),
  ...given("the cloud's own balancer", prices.balancerHour && prices.balancerHour * hoursOfMonth),
  ...Object.entries(prices.cacheHour ?? {}).map(([size, hour]) => [`cache ${size}, each node`, monthly(hour)] as const),
];

const monthly = (hour: number): string => (hour * hoursOfMonth).toFixed(2);

const given = (part: string, price: number | undefined): readonly (readonly [string, string])[] =>
  price === undefined ? [] : [[part, price === 0 ? 'included' : price.toFixed(2)]];
