import * as pulumi from '@pulumi/pulumi';
import type { ProvisionRequest } from '../cloud.ts';
import { machineCloud } from '../provision.ts';
import { localAuthority } from './authority.ts';
import { computerProblems } from './computer.ts';
import { makeFailover, makeMachine } from './machine.ts';
import { registryName } from './registryName.ts';
import { type Scope, scopeOf } from './scope.ts';
import { makeAcmeServer, makeBucket, makeLogStream, makeRegistry, makeRepositories } from './services.ts';

/** Pulumi program of the local cloud */
export const local = machineCloud({
  shared,
  machine: makeMachine,
  failover: makeFailover,
  bucket: makeBucket,
  logStream: makeLogStream,
  authority: localAuthority,
  acme: makeAcmeServer,
  // Connections from this computer come from the network's gateway address
  operatorNetworks: ({ network }) => [network.gateway.apply((gateway) => `${gateway}/32`)],
  plainRegistries: [registryName],
  obstacles: computerProblems,
});

function shared(request: ProvisionRequest): Scope {
  for (const { role, service, reason } of request.blueprint.leftOut ?? []) {
    pulumi.log.warn(`${request.blueprint.system}-${role} has no ${service} on this computer: ${reason}`);
  }
  const scope = scopeOf(request);
  makeRegistry(scope);
  makeRepositories(scope);
  return scope;
}
