import * as pulumi from '@pulumi/pulumi';
import { machinesOf } from '../../model/machines.ts';
import type { MachineCloud } from '../cloud.ts';
import { groundProblems } from './ground.ts';
import { makeMachine } from './machine.ts';
import { cloudServices, registryName } from './services.ts';
import { siteOf } from './site.ts';

/** Machines as containers that boot systemd and cloud-init, on this computer; every service of a cloud is a real one */
export const local: MachineCloud = {
  kind: 'machines',
  obstacles: groundProblems,
  provision(request) {
    const settings = request.environment.prepared?.local;
    if (!settings) throw new Error('the local cloud has not been prepared: run `npm run local`, which also deploys');
    for (const { role, service, reason } of request.blueprint.leftOut ?? []) {
      pulumi.log.warn(`${request.blueprint.system}-${role} has no ${service} on this computer: ${reason}`);
    }
    const site = siteOf(request);
    const services = cloudServices(request, site, settings);
    const machines = machinesOf(request.blueprint).map(({ machine, role }) =>
      makeMachine(request, site, settings, machine, role),
    );
    return {
      hosts: Object.fromEntries(machines.map(({ host }) => [host.name, host])),
      facts: { ...services.facts, ...Object.assign({}, ...machines.map(({ facts }) => facts)) },
      secretFacts: services.secretFacts,
      // Connections from this computer arrive from the network's gateway
      operatorNetworks: [site.network.gateway.apply((gateway) => `${gateway}/32`)],
      plainRegistries: [registryName],
    };
  },
};
