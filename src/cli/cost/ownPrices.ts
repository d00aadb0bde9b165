import { parse } from 'yaml';
import { z } from 'zod';
import type { PriceTable, RegionPrices } from '../../model/prices.ts';

const price = z.number().nonnegative();
const bySize = z.record(z.string(), price);

const region = z.strictObject({
  machineHour: bySize.exactOptional(),
  diskGbMonth: price.exactOptional(),
  volumeGbMonth: price.exactOptional(),
  addressHour: price.exactOptional(),
  balancerHour: price.exactOptional(),
  cacheHour: bySize.exactOptional(),
});

const tables = z.record(
  z.string(),
  z.strictObject({
    currency: z.enum(['USD', 'EUR']),
    date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
    sources: z.array(z.string()).min(1),
    regions: z.record(z.string(), region),
  }),
);

/**
 * Reads prices of one's own, YAML or JSON, by cloud as a table of `prices.ts` has them
 * @param file its name, for messages
 * @throws for a file that is no such table, with the path of each mistake
 */
export function ownPrices(text: string, file: string): Readonly<Record<string, PriceTable>> {
  const read = tables.safeParse(parse(text));
  if (read.success) return read.data;
  const mistakes = read.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new Error([`${file} is no table of prices`, ...mistakes].join('\n'));
}

/**
 * Returns a cloud's prices with one's own in their place
 * @throws where the two have different currencies
 */
export function withOwn(
  cloud: string,
  known: PriceTable | undefined,
  own: PriceTable | undefined,
): PriceTable | undefined {
  if (!known || !own) return own ?? known;
  if (own.currency !== known.currency)
    throw new Error(`prices of ${cloud} are in ${known.currency}, and yours in ${own.currency}`);
  const names = [...new Set([...Object.keys(known.regions), ...Object.keys(own.regions)])];
  const regions = names.map((name) => [name, mergedRegion(known.regions[name], own.regions[name])] as const);
  return {
    ...{ currency: own.currency, date: [own.date, known.date].sort()[0] ?? own.date },
    ...{ sources: [...known.sources, ...own.sources], regions: Object.fromEntries(regions) },
  };
}

const mergedRegion = (known: RegionPrices = {}, own: RegionPrices = {}): RegionPrices => ({
  ...{ ...known, ...own },
  ...(known.machineHour && { machineHour: { ...known.machineHour, ...own.machineHour } }),
  ...(known.cacheHour && { cacheHour: { ...known.cacheHour, ...own.cacheHour } }),
});
