import type { PriceTable } from '../../model/prices.ts';

/** What was found in public documents, with no account and no call of the cloud's price list */
export const prices: PriceTable = {
  currency: 'USD',
  date: '2024-02-01',
  sources: [
    'public IPv4 addresses, every region: aws.amazon.com/blogs/networking-and-content-delivery, "Identify and optimize public IPv4 address usage on AWS", of 2024-02-01',
    'machines t3, gp3 disks and cache.t4g in us-east-1: public tables of on-demand Linux prices, of 2026-05-02 and 2026-06-16',
    'balancer in us-east-1: aws.amazon.com/elasticloadbalancing/pricing, read on 2026-09-20',
  ],
  regions: {
    '*': { addressHour: 0.005 },
    'us-east-1': {
      machineHour: {
        't3.micro': 0.0104,
        't3.small': 0.0208,
        't3.medium': 0.0416,
        't3.large': 0.0832,
        't3.xlarge': 0.1664,
        't3.2xlarge': 0.3328,
      },
      diskGbMonth: 0.08,
      volumeGbMonth: 0.08,
      balancerHour: 0.0225,
      cacheHour: { 'cache.t4g.micro': 0.016, 'cache.t4g.small': 0.032 },
    },
  },
};
