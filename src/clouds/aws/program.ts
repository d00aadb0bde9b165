import { tlsAuthority } from '../privateAuthority.ts';
import { machineCloud } from '../provision.ts';
import { makeBalancer } from './balancer.ts';
import { makeBucket } from './buckets.ts';
import { makeCache } from './cache.ts';
import { makeFailover } from './failover.ts';
import { makeLogStream } from './logStream.ts';
import { makeMachine } from './machine.ts';
import { makeRecord } from './records.ts';
import { keepHours } from './schedule.ts';
import { sharedOf } from './shared.ts';

/** Amazon Web Services: a system has a network of its own over two zones of its region */
export const aws = machineCloud({
  shared: sharedOf,
  machine: makeMachine,
  failover: makeFailover,
  bucket: makeBucket,
  logStream: makeLogStream,
  authority: tlsAuthority,
  cache: makeCache,
  balancer: makeBalancer,
  record: makeRecord,
  hours: keepHours,
});
