import type { KeyPair } from '@pulumi/aws/ec2/keyPair.js';
import { getZoneOutput } from '@pulumi/aws/route53/getZone.js';
import type * as pulumi from '@pulumi/pulumi';
import type { ProvisionRequest } from '../cloud.ts';
import { oncePer } from '../once.ts';
import { accessLog } from './buckets.ts';
import { type Groups, makeGroups } from './groups.ts';
import { latestImage, makeKey } from './machine.ts';
import { makeNetwork, type Network } from './network.ts';
import { type Scope, scopeOf } from './scope.ts';
import type { PrivateBucket } from './storage.ts';

/** Resources and settings that the parts of a system share */
export interface Shared extends Scope {
  network: Network;
  groups: Groups;
  /** Id of the image that new machines start from */
  image: pulumi.Output<string>;
  key: KeyPair;
  /** Bucket for access logs; `undefined` for a system without buckets and balancers */
  log: PrivateBucket | undefined;
  /** Returns the id of a DNS zone */
  zoneId(name: string): pulumi.Output<string>;
}

export function sharedOf(request: ProvisionRequest): Shared {
  const scope = scopeOf(request);
  const network = makeNetwork(scope);
  return {
    ...scope,
    network,
    groups: makeGroups(scope, network),
    image: latestImage(scope),
    key: makeKey(scope),
    log: accessLog(scope),
    zoneId: oncePer((name) => getZoneOutput({ name }, scope.options).zoneId),
  };
}
