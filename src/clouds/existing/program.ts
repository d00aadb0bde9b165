import * as pulumi from '@pulumi/pulumi';
import { adoptedHost } from '../../model/adopted.ts';
import { machineName } from '../../model/names.ts';
import { acmeFacts } from '../acme.ts';
import type { ProvisionRequest } from '../cloud.ts';
import { givenBucket, givenLogStream } from '../given/facts.ts';
import { type MadeMachine, plainFact, type Slot } from '../makers.ts';
import { tlsAuthority } from '../privateAuthority.ts';
import { machineCloud } from '../provision.ts';

/** Pulumi program of existing machines, buckets and log streams; it creates certificates and nothing else */
export const existing = machineCloud({
  shared: (request) => request,
  machine: adopted,
  bucket: (request, bucket) => givenBucket(request, request.environment.clouds.existing, bucket),
  logStream: (request, stream) => givenLogStream(request, request.environment.clouds.existing, stream),
  authority: tlsAuthority,
  acme: ({ environment }) => acmeFacts(environment, environment.clouds.existing?.acme),
});

function adopted(_: ProvisionRequest, { machine, role }: Slot): MadeMachine {
  const name = machineName(machine);
  const host = adoptedHost(role, machine.index);
  if (!host) throw new Error(`${name} has no host in the environment file, which the config checks`);
  const { address, privateAddress = address, port, user, hostKey, proxy } = host;
  return {
    host: {
      name,
      role: machine.role,
      index: machine.index,
      address: pulumi.output(address),
      port,
      user,
      hostKey: pulumi.output(hostKey),
      ...(proxy && { proxy }),
    },
    facts: {
      publicAddress: plainFact(address),
      privateAddress: plainFact(privateAddress),
      // Services keep their data on the machine's own disk
      volumeDevice: plainFact(''),
    },
  };
}
