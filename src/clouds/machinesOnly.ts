import type { Capabilities } from '../model/cloud.ts';

/** Of a cloud that makes machines and no more than it says beside this */
export const machinesOnly = {
  adoptsAddresses: false,
  publishesPorts: false,
  makesMachines: true,
  makesNetworks: false,
  onThisComputer: false,
  schedules: false,
  caches: false,
  balancers: false,
} satisfies Partial<Capabilities>;
