import * as pulumi from '@pulumi/pulumi';
import { adoptedHost } from '../../model/adopted.ts';
import type { AdoptedHost, Role } from '../../model/blueprint.ts';
import { machinesOf } from '../../model/machines.ts';
import { type MachineName, machineFact, machineName } from '../../model/names.ts';
import { acmeFacts } from '../acme.ts';
import type { Host, MachineCloud } from '../cloud.ts';
import { type GivenFacts, givenServices } from './services.ts';

/** Machines that somebody else made: adopted over SSH as they are. Nothing is made here, and so nothing is taken away */
export const existing: MachineCloud = {
  kind: 'machines',
  provision({ blueprint, environment, secrets }) {
    const settings = environment.clouds.existing;
    const machines = machinesOf(blueprint).map(({ machine, role }) => adopted(machine, role));
    const services = givenServices(blueprint, settings, secrets);
    return {
      hosts: Object.fromEntries(machines.map(({ host }) => [host.name, host])),
      facts: {
        ...Object.assign({}, ...machines.map(({ facts }) => facts)),
        ...services.facts,
        ...acmeFacts(environment, settings?.acme),
      },
      secretFacts: services.secretFacts,
      operatorNetworks: [],
      plainRegistries: [],
    };
  },
};

function adopted(machine: MachineName, definition: Role): { host: Host; facts: GivenFacts } {
  const { role, index } = machine;
  const host = found(adoptedHost(definition, index), machine);
  const { address, privateAddress = address, port, user, hostKey, proxy } = host;
  const fact = (kind: Parameters<typeof machineFact>[2]) => machineFact(role, index, kind);
  return {
    host: {
      name: machineName(machine),
      role,
      index,
      address: pulumi.output(address),
      port,
      user,
      hostKey: pulumi.output(hostKey),
      ...(proxy && { proxy }),
    },
    facts: {
      [fact('publicAddress')]: pulumi.output(address),
      [fact('privateAddress')]: pulumi.output(privateAddress),
      // What services keep lies on the machine's own disk
      [fact('volumeDevice')]: pulumi.output(''),
    },
  };
}

function found(host: AdoptedHost | undefined, machine: MachineName): AdoptedHost {
  if (!host) throw new Error(`${machineName(machine)} has no host in the environment file, which the config checks`);
  return host;
}
