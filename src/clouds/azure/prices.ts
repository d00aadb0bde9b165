import type { PriceTable } from '../../model/prices.ts';

/** What was found in public documents, with no account and no call of the cloud's price list */
export const prices: PriceTable = {
  currency: 'USD',
  date: '2026-05-02',
  sources: ['machines in eastus: a public table of pay-as-you-go Linux prices, of 2026-05-02'],
  regions: {
    eastus: {
      machineHour: {
        Standard_B1s: 0.0104,
        Standard_B2s: 0.0416,
        Standard_D2s_v5: 0.096,
        Standard_D4s_v5: 0.192,
      },
    },
  },
};
