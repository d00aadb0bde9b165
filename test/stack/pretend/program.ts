import * as pulumi from '@pulumi/pulumi';
import { firstBoot } from '../../../src/clouds/boot.ts';
import type { ProvisionRequest } from '../../../src/clouds/cloud.ts';
import { type MadeMachine, plainFact, type Slot, secretFact } from '../../../src/clouds/makers.ts';
import { tlsAuthority } from '../../../src/clouds/privateAuthority.ts';
import { machineCloud } from '../../../src/clouds/provision.ts';
import { sshPort } from '../../../src/model/access.ts';
import { addressAt, machineOffset } from '../../../src/model/address.ts';
import { machineName } from '../../../src/model/names.ts';
import { doors } from '../../../src/model/openings.ts';
import { loginUser } from '../../../src/render/cloudInit.ts';

class Machine extends pulumi.CustomResource {
  declare readonly address: pulumi.Output<string>;
  constructor(name: string, args: object, options: pulumi.CustomResourceOptions) {
    super('pretend:index:Machine', name, { ...args, address: undefined }, options);
  }
}

export const pretend = machineCloud({
  shared: (request) => request,
  machine,
  bucket: ({ secrets }, { name }) => ({
    ...{
      endpoint: plainFact('https://s3.test'),
      bucket: plainFact(name),
      region: plainFact('moon-1'),
      accessKey: plainFact('key'),
    },
    secretKey: secretFact(secrets[`${name}Key`] ?? ''),
  }),
  authority: tlsAuthority,
  logStream: (_, { name }) => ({
    ...{
      scheme: plainFact('https'),
      host: plainFact(`${name}.test`),
      port: plainFact('9200'),
      username: plainFact(''),
    },
    ...{ password: plainFact(''), token: secretFact('line'), opensearch: plainFact('true'), kafka: plainFact('false') },
  }),
});

function machine(request: ProvisionRequest, { machine, role: { size, slot } }: Slot): MadeMachine {
  const { blueprint, environment, parent } = request;
  const { role, index } = machine;
  const name = machineName(machine);
  const { hostKey, userData } = firstBoot(request, machine);
  const rules = doors(blueprint.rules, environment.operators.networks).filter(({ to }) => to === role);
  const resource = new Machine(name, { size, userData, rules, closed: true }, { parent });
  const offset = machineOffset(slot, index);
  return {
    host: {
      ...{ name, role, index, hostKey, resource, address: resource.address },
      ...{ port: sshPort, user: loginUser },
    },
    facts: {
      publicAddress: plainFact(resource.address),
      privateAddress: plainFact(addressAt(environment.network, offset)),
    },
  };
}
