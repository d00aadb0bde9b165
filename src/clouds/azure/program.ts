import { tlsAuthority } from '../privateAuthority.ts';
import { machineCloud } from '../provision.ts';
import { makeBucket } from './bucket.ts';
import { makeLogStream } from './logStream.ts';
import { makeMachine } from './machine.ts';
import { makeRecord } from './records.ts';
import { keepHours } from './schedule.ts';
import { sharedOf } from './shared.ts';

/** Virtual machines behind one network security group, storage accounts and event hubs, in one resource group */
export const azure = machineCloud({
  shared: sharedOf,
  machine: makeMachine,
  bucket: makeBucket,
  logStream: makeLogStream,
  authority: tlsAuthority,
  record: makeRecord,
  hours: keepHours,
});
