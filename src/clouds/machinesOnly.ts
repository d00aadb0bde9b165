import type { Capabilities } from '../model/cloud.ts';

/** Capabilities of a cloud that creates machines only; the cloud adds its own */
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
