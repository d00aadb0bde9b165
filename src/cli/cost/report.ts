import type { PriceTable } from '../../model/prices.ts';
import { table } from '../table.ts';
import type { CostItem } from './items.ts';

export interface Cost {
  stack: string;
  items: readonly CostItem[];
  /** Tables of the clouds that it uses, by cloud */
  tables: Readonly<Record<string, PriceTable>>;
}

/** What has no list price by itself */
const byUse = 'traffic, requests, buckets, log streams, backups, DNS, support and taxes';

/** Returns sums a month by currency, of the parts whose price is known */
export function totals(items: readonly CostItem[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { month, currency } of items) {
    if (month !== undefined && currency) sums[currency] = (sums[currency] ?? 0) + month;
  }
  return Object.fromEntries(Object.entries(sums).map(([currency, sum]) => [currency, rounded(sum)]));
}

const rounded = (amount: number): number => Math.round(amount * 100) / 100;

const amount = (month: number, currency: string): string => `${month.toFixed(2)} ${currency}`;

/** Returns sums a month by currency as a text; empty without any */
export const sumsText = (sums: Readonly<Record<string, number>>): string =>
  Object.entries(sums)
    .map(([currency, sum]) => amount(sum, currency))
    .join(' + ');

/** Returns a stack's cost for people: each part, what is left out, the sum, and how old the prices are */
export function costText({ items, tables }: Cost): string {
  if (items.length === 0) return 'nothing: it makes no machine in a cloud\n';
  const rows = items.map(({ system, what, month, currency = '' }) => [
    system,
    what,
    month === undefined ? 'not known' : amount(month, currency),
  ]);
  const unknown = items.filter(({ month }) => month === undefined).length;
  return [
    table(['SYSTEM', 'PART', 'A MONTH'], rows),
    `sum of the known parts: ${sumsText(totals(items)) || 'none is known'}\n`,
    ...(unknown > 0 ? [`left out: ${unknown} of ${items.length} parts, whose price is not known\n`] : []),
    `left out: ${byUse}\n`,
    ...Object.entries(tables).map(([cloud, { date }]) => `list prices of ${cloud} from ${date} on\n`),
  ].join('');
}

/** Returns the same as data for other programs */
export const costJson = ({ stack, items, tables }: Cost): string =>
  `${JSON.stringify(
    {
      ...{ stack, month: totals(items) },
      items: items.map(({ month, ...item }) => ({ ...item, month: month === undefined ? null : rounded(month) })),
      leftOut: byUse,
      prices: Object.fromEntries(
        Object.entries(tables).map(([cloud, { currency, date, sources }]) => [cloud, { currency, date, sources }]),
      ),
    },
    null,
    2,
  )}\n`;
