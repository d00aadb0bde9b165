import type { ResourceHandler } from '../../../pulumi/plugin.ts';
import { acmeServer } from './acmeServer.ts';
import { bucket } from './bucket.ts';
import { authority, certificate } from './certificates.ts';
import { address } from './commonAddress.ts';
import { logReceiver } from './logReceiver.ts';
import { machine } from './machine.ts';
import { network } from './network.ts';
import { registry } from './registry.ts';
import { repository } from './repository.ts';
import { sshKey } from './sshKey.ts';
import { volume } from './volume.ts';

/** Resources of the provider by type */
export const handlers: Readonly<Record<string, ResourceHandler>> = {
  'berthlocal:index:SshKey': sshKey,
  'berthlocal:index:Authority': authority,
  'berthlocal:index:Certificate': certificate,
  'berthlocal:index:Network': network,
  'berthlocal:index:Volume': volume,
  'berthlocal:index:Machine': machine,
  'berthlocal:index:Address': address,
  'berthlocal:index:Registry': registry,
  'berthlocal:index:Repository': repository,
  'berthlocal:index:Bucket': bucket,
  'berthlocal:index:LogReceiver': logReceiver,
  'berthlocal:index:AcmeServer': acmeServer,
};
