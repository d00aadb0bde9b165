import type { PriceTable } from '../../model/prices.ts';

/** What was found in public documents, with no account and no call of the cloud's price list */
export const prices: PriceTable = {
  currency: 'USD',
  date: '2023-12-18',
  sources: [
    'machines in eastus: a public table of pay-as-you-go Linux prices, of 2026-05-02',
    'machines in westeurope: the table of on-demand prices in github.com/Azure/karpenter-provider-azure, of 2023-12-18',
  ],
  regions: {
    eastus: {
      machineHour: {
        Standard_B1s: 0.0104,
        Standard_B2s: 0.0416,
        Standard_D2s_v5: 0.096,
        Standard_D4s_v5: 0.192,
      },
    },
    westeurope: {
      machineHour: {
        Standard_B1s: 0.012,
        Standard_B1ms: 0.024,
        Standard_B2s: 0.048,
        Standard_B2ms: 0.096,
        Standard_B4ms: 0.192,
        Standard_D2s_v5: 0.115,
        Standard_D4s_v5: 0.23,
        Standard_D8s_v5: 0.46,
      },
    },
  },
};
