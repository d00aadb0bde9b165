import type { ProvisionRequest } from '../cloud.ts';
import { once } from '../once.ts';
import { makeNetwork, type Network } from './network.ts';
import { type Clock, makeClock } from './schedule.ts';
import { type Scope, scopeOf } from './scope.ts';

/** Resources and settings that the parts of a system share */
export interface Shared extends Scope {
  network: Network;
  /** Returns the identity that starts and stops machines; created at the first call, by a system with a schedule */
  clock(): Clock;
}

export function sharedOf(request: ProvisionRequest): Shared {
  const scope = scopeOf(request);
  return { ...scope, network: makeNetwork(scope), clock: once(() => makeClock(scope)) };
}
