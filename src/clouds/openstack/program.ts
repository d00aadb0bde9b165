import { tlsAuthority } from '../privateAuthority.ts';
import { machineCloud } from '../provision.ts';
import { makeFailover } from './addresses.ts';
import { makeBucket } from './buckets.ts';
import { makeLogStream } from './logStreams.ts';
import { makeMachine } from './machine.ts';
import { makeRecord } from './records.ts';
import { sharedOf } from './shared.ts';

/** OVH Public Cloud: OpenStack's machines, networks and volumes; OVH's object storage, log streams and DNS */
export const openstack = machineCloud({
  shared: sharedOf,
  machine: makeMachine,
  failover: makeFailover,
  bucket: makeBucket,
  logStream: makeLogStream,
  authority: tlsAuthority,
  record: makeRecord,
});
