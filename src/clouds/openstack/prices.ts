import type { PriceTable } from '../../model/prices.ts';

/** What was found in public documents, with no account and no call of the cloud's price list: OVHcloud's Public Cloud */
export const prices: PriceTable = {
  currency: 'EUR',
  date: '2025-01-27',
  sources: ['machines b2, by the hour: a public copy of the OVHcloud Public Cloud catalogue, of 2025-01-27'],
  regions: {
    '*': {
      machineHour: { 'b2-7': 0.07, 'b2-15': 0.13, 'b2-30': 0.26, 'b2-60': 0.51, 'b2-120': 0.99 },
      // A flavor has its disk
      diskGbMonth: 0,
    },
  },
};
