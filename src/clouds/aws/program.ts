import { machinesOf } from '../../model/machines.ts';
import { machineName } from '../../model/names.ts';
import { acmeFacts } from '../acme.ts';
import type { MachineCloud } from '../cloud.ts';
import { makeBalancer } from './balancer.ts';
import { accessLog, makeBucket } from './buckets.ts';
import { makeCache } from './cache.ts';
import { together } from './found.ts';
import { makeGroups } from './groups.ts';
import { makeLogStream } from './logStream.ts';
import { latestImage, makeKey, makeMachine } from './machine.ts';
import { makeNetwork } from './network.ts';
import { makeRecords } from './records.ts';
import { keepHours } from './schedule.ts';
import { siteOf } from './site.ts';

/** Amazon Web Services: a system has a network of its own over two zones of its region */
export const aws: MachineCloud = {
  kind: 'machines',
  provision(request) {
    const { blueprint, environment } = request;
    const site = siteOf(request);
    const network = makeNetwork(site);
    const groups = makeGroups(site, network);
    const mould = { site, network, groups, image: latestImage(site), key: makeKey(site) };
    const machines = machinesOf(blueprint).map(({ machine, role }) => makeMachine(mould, machine, role));
    for (const [role, { schedule }] of Object.entries(blueprint.roles)) {
      const instances = machines.filter(({ host }) => host.role === role).map(({ instance }) => instance);
      if (schedule) keepHours(site, role, instances, schedule);
    }
    const log = accessLog(site);
    const balancers = blueprint.balancers.flatMap((balancer) =>
      log ? [makeBalancer(site, network, groups, log, balancer)] : [],
    );
    const found = together([
      ...machines.map(({ facts }) => ({ facts, secretFacts: [] })),
      ...blueprint.buckets.map(({ name }) => makeBucket(site, name, log)),
      ...blueprint.logStreams.map(({ name }) => makeLogStream(site, network, groups, name)),
      ...blueprint.caches.map((cache) => makeCache(site, network, groups, cache)),
      ...balancers,
      { facts: acmeFacts(environment), secretFacts: [] },
    ]);
    makeRecords(site, found.facts, balancers);
    return {
      ...found,
      hosts: Object.fromEntries(machines.map(({ host }) => [host.name, host])),
      operatorNetworks: [],
      plainRegistries: [],
      afterRelease: (name, release) => {
        const made = machines.find(({ machine }) => machineName(machine) === name);
        for (const { role, name: balancer } of blueprint.balancers) {
          if (made?.machine.role !== role) continue;
          balancers.find((one) => one.name === balancer)?.attach(name, made.instance, release);
        }
      },
    };
  },
};
