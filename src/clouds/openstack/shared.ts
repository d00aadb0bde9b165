import { Keypair } from '@pulumi/openstack/compute/keypair.js';
import { getImageOutput } from '@pulumi/openstack/images/getImage.js';
import type { SecGroup } from '@pulumi/openstack/networking/secGroup.js';
import type * as pulumi from '@pulumi/pulumi';
import type { ProvisionRequest } from '../cloud.ts';
import { once, oncePer } from '../once.ts';
import { flavorOf } from './flavor.ts';
import { securityGroups } from './groups.ts';
import { type LogsService, logsService } from './logStreams.ts';
import { type MachineNetwork, placeOf } from './network.ts';
import { type Scope, scopeOf } from './scope.ts';

/** Resources and settings that the parts of a system share */
export interface Shared extends Scope {
  request: ProvisionRequest;
  place: MachineNetwork;
  keypair: Keypair;
  /** Image id: a newer image of the same name is used for new machines only */
  image: pulumi.Output<string>;
  groupOf(role: string): SecGroup;
  /** Returns a role's flavor by name: changing the flavor resizes a machine in place */
  flavorOf(role: string): pulumi.Output<string>;
  logs(): LogsService;
}

/** Looked up once; each machine keeps the image that it was created from */
const imageName = 'Debian 13';

export function sharedOf(request: ProvisionRequest): Shared {
  const { system, roles } = request.blueprint;
  const scope = scopeOf(request);
  const groupOf = securityGroups(request, scope);
  const keypair = new Keypair(
    system,
    { name: scope.name([]), publicKey: request.deployKey },
    // Key names are unique: the old key must be deleted first
    { ...scope.openstack, deleteBeforeReplace: true },
  );
  // Public images only: any project can share an image under this name
  const image = getImageOutput({ name: imageName, visibility: 'public', mostRecent: true }, scope.openstack).id;
  return {
    ...scope,
    ...{ request, groupOf, keypair, image },
    place: placeOf(request, scope),
    flavorOf: oncePer((name) => flavorOf(name, roles[name]?.size, roles[name]?.diskGb ?? 0, scope)),
    logs: once(() => logsService(request, scope)),
  };
}
