import type { Blueprint, DeclaredRole, Schedule } from '../../model/blueprint.ts';
import type { CloudFace } from '../../model/cloud.ts';
import { runningTimes, weekMinutes } from '../../model/hours.ts';
import { hoursOfMonth, type PriceTable, type RegionPrices } from '../../model/prices.ts';

/** A part of a system and its list price a month */
export interface CostItem {
  system: string;
  what: string;
  /** In the currency of the system's cloud. @default it is not known */
  month?: number;
  currency?: PriceTable['currency'];
}

/** Returns what machines, disks, addresses, balancers and caches of a system cost a month, those without a price too */
export function costItems(blueprint: Blueprint, region: string | undefined, cloud: CloudFace): readonly CostItem[] {
  const { capabilities, prices } = cloud;
  if (!capabilities.makesMachines || capabilities.onThisComputer) return [];
  const own = { ...prices?.regions['*'], ...(region !== undefined && prices?.regions[region]) };
  const item = (what: string, month: number | undefined): CostItem => ({
    ...{ system: blueprint.system, what },
    ...(month !== undefined && prices && { month, currency: prices.currency }),
  });
  return [
    ...Object.entries(blueprint.roles).flatMap(([name, role]) => roleItems(name, role, own, item)),
    ...(capabilities.balancers
      ? blueprint.balancers.map(({ name }) => item(`balancer ${name}`, monthOf(own.balancerHour)))
      : []),
    ...(capabilities.caches
      ? blueprint.caches.map(({ name, failover = false, inItsPlace: { size = '' } }) => {
          const count = failover ? 2 : 1;
          return item(`cache ${name}: ${count} × ${size}`, times(count, monthOf(own.cacheHour?.[size])));
        })
      : []),
  ];
}

type Item = (what: string, month: number | undefined) => CostItem;

function roleItems(name: string, role: DeclaredRole, prices: RegionPrices, item: Item): readonly CostItem[] {
  const { count, size = '', diskGb, volume, schedule } = role;
  const share = schedule ? shareOf(schedule) : 1;
  const hours = schedule ? `, ${Math.round(share * 168)} of 168 hours a week` : '';
  const machine = monthOf(prices.machineHour?.[size]);
  return [
    item(`${name}: ${count} × ${size}${hours}`, times(count * share, machine)),
    ...(prices.diskGbMonth === 0
      ? []
      : [item(`${name}: ${count} × disk of ${diskGb} GB`, times(count * diskGb, prices.diskGbMonth))]),
    ...(volume
      ? [
          item(
            `${name}: ${count} × data disk of ${volume.sizeGb} GB`,
            times(count * volume.sizeGb, prices.volumeGbMonth),
          ),
        ]
      : []),
    item(`${name}: ${count} × public address`, times(count, monthOf(prices.addressHour))),
  ];
}

const monthOf = (hour: number | undefined): number | undefined => times(hoursOfMonth, hour);

const times = (count: number, price: number | undefined): number | undefined =>
  price === undefined ? undefined : count * price;

/** Share of a week in which machines run */
const shareOf = (schedule: Schedule): number =>
  runningTimes(schedule).reduce((sum, { from, to }) => sum + to - from, 0) / weekMinutes;
