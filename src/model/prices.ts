/** List prices of a cloud, as a table in its folder has them: without taxes, discounts and free tiers */
export interface PriceTable {
  currency: 'USD' | 'EUR';
  /** Day of the oldest price in it, `YYYY-MM-DD` */
  date: string;
  /** Where each price is from */
  sources: readonly string[];
  /** Prices by region; those of `*` hold in every region that has none of its own */
  regions: Readonly<Record<string, RegionPrices>>;
}

/** Prices that are not here are not known, and nothing is made up in their place */
export interface RegionPrices {
  /** Of a machine an hour, by size */
  machineHour?: Readonly<Record<string, number>>;
  /** Of the disk that a machine boots from, for each GB a month; 0 where a size includes it */
  diskGbMonth?: number;
  /** Of a data disk, for each GB a month */
  volumeGbMonth?: number;
  /** Of a public IPv4 address an hour */
  addressHour?: number;
  /** Of the cloud's own balancer an hour, without what goes through it */
  balancerHour?: number;
  /** Of the cloud's own cache an hour, by size of a node */
  cacheHour?: Readonly<Record<string, number>>;
}

/** Hours of a month, as clouds count them: a twelfth of a year */
export const hoursOfMonth = 730;
