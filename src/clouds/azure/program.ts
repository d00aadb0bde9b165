import { machinesOf } from '../../model/machines.ts';
import { acmeFacts } from '../acme.ts';
import type { MachineCloud } from '../cloud.ts';
import { makeBucket } from './bucket.ts';
import { makeLogStream } from './logStream.ts';
import { makeMachine } from './machine.ts';
import { makeNetwork } from './network.ts';
import { makeRecords } from './records.ts';
import { makeSchedules } from './schedule.ts';
import { siteOf } from './site.ts';

/** Virtual machines behind one network security group, storage accounts and event hubs, in one resource group */
export const azure: MachineCloud = {
  kind: 'machines',
  provision(request) {
    const { blueprint, environment } = request;
    const site = siteOf(request);
    const network = makeNetwork(site);
    const machines = machinesOf(blueprint).map(({ machine, role }) => makeMachine(site, network, machine, role));
    const buckets = blueprint.buckets.map(({ name }) => makeBucket(site, network, name));
    const streams = blueprint.logStreams.map(({ name }) => makeLogStream(site, name));
    makeSchedules(site, machines);
    makeRecords(site, machines);
    const parts = [...machines, ...buckets, ...streams];
    return {
      hosts: Object.fromEntries(machines.map(({ host }) => [host.name, host])),
      facts: Object.assign({ ...acmeFacts(environment) }, ...parts.map(({ facts }) => facts)),
      secretFacts: [...buckets, ...streams].flatMap(({ secretFacts }) => secretFacts),
      operatorNetworks: [],
      plainRegistries: [],
    };
  },
};
