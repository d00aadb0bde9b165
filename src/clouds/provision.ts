import * as pulumi from '@pulumi/pulumi';
import type { Blueprint, DnsRecord, ServerCertificate } from '../model/blueprint.ts';
import { machinesOf } from '../model/machines.ts';
import { acmeFacts } from './acme.ts';
import type { MachineCloud, Provisioned, ProvisionRequest } from './cloud.ts';
import type { Fact, MadeBalancer, MadeFailover, MadeMachine, Makers, PublicName, WantedCertificate } from './makers.ts';
import { once } from './once.ts';

/** Returns the Pulumi program of a cloud from its makers */
export const machineCloud = <Shared, Machine extends MadeMachine, Spreader extends MadeBalancer<Machine>>(
  makers: Makers<Shared, Machine, Spreader>,
): MachineCloud => ({
  kind: 'machines',
  ...(makers.obstacles && { obstacles: makers.obstacles }),
  provision: (request) => provision(makers, request),
});

/** Creates every part of a blueprint with the cloud's makers and collects the facts by path */
function provision<Shared, Machine extends MadeMachine, Spreader extends MadeBalancer<Machine>>(
  makers: Makers<Shared, Machine, Spreader>,
  request: ProvisionRequest,
): Provisioned {
  const { blueprint, environment } = request;
  const shared = makers.shared(request);
  const machines = machinesOf(blueprint).map((slot) => makers.machine(shared, slot));
  const of = (role: string) => machines.filter(({ host }) => host.role === role);
  for (const [role, { schedule }] of Object.entries(blueprint.roles))
    if (schedule) makers.hours?.(shared, { role, schedule, machines: of(role) });
  const balancers = blueprint.balancers.map((balancer) => ({
    ...balancer,
    made: maker(makers.balancer, 'balancer', blueprint)(shared, balancer),
  }));
  const issue = once(() => makers.authority(request));
  const failovers = Object.entries(blueprint.roles)
    .filter(([, { failover }]) => failover)
    .map(([name, role]) => ({
      name,
      made: maker(makers.failover, 'failover', blueprint)(shared, { name, role, machines: of(name) }),
    }));
  const facts = told([
    ...machines.map(({ host, facts }): Part => [`machines.${host.role}.${host.index}`, facts]),
    ...blueprint.buckets.map((bucket): Part => [`buckets.${bucket.name}`, makers.bucket(shared, bucket)]),
    ...blueprint.logStreams.map((stream): Part => [`logStreams.${stream.name}`, makers.logStream(shared, stream)]),
    ...blueprint.caches.map(
      (cache): Part => [`caches.${cache.name}`, maker(makers.cache, 'cache', blueprint)(shared, cache)],
    ),
    ...balancers.map(({ name, made }): Part => [`balancers.${name}`, made.facts]),
    ...Object.entries(blueprint.roles).flatMap(([role, { certificate }]): Part[] =>
      certificate ? [[`certificates.${role}`, issue()(wantedCertificate(role, certificate, of(role)))]] : [],
    ),
    ...failovers.map(({ name, made }): Part => [`failovers.${name}`, made.facts]),
    ['acme', makers.acme?.(shared) ?? acmeFacts(environment)],
  ]);
  for (const record of blueprint.records)
    makers.record?.(shared, target(record, blueprint, machines, balancers, failovers));
  return {
    ...facts,
    hosts: Object.fromEntries(machines.map(({ host }) => [host.name, host])),
    operatorNetworks: makers.operatorNetworks?.(shared) ?? [],
    plainRegistries: makers.plainRegistries ?? [],
    afterRelease: (name, release) => {
      const machine = machines.find(({ host }) => host.name === name);
      if (!machine) return;
      for (const { role, made } of balancers) if (role === machine.host.role) made.attach(machine, release);
      for (const { name: role, made } of failovers) if (role === machine.host.role) made.attach?.(machine, release);
    },
  };
}

/** Services are called by their names on the same machine, by its private address from others, and by themselves */
const wantedCertificate = (
  role: string,
  { services }: ServerCertificate,
  machines: readonly MadeMachine[],
): WantedCertificate => ({
  role,
  names: [...services, 'localhost'],
  addresses: [...machines.map(({ facts }) => facts.privateAddress.value), '127.0.0.1'],
});

/** @throws if the cloud's capabilities name a part that it has no maker for: a defect of the cloud */
function maker<Made>(found: Made | undefined, what: string, { system }: Blueprint): Made {
  if (!found) throw new Error(`the cloud of system ${system} declares a ${what} capability, but has no maker for it`);
  return found;
}

/** Facts of one part, with the prefix of their paths */
type Part = [prefix: string, facts: Readonly<Record<string, Fact>>];

function told(parts: readonly Part[]): Pick<Provisioned, 'facts' | 'secretFacts'> {
  const facts = parts.flatMap(([prefix, known]) =>
    Object.entries(known).map(([name, fact]) => ({ ...fact, path: `${prefix}.${name}` })),
  );
  return {
    facts: Object.fromEntries(
      facts.map(({ path, value, secret }) => [path, secret ? pulumi.secret(value) : pulumi.output(value)]),
    ),
    secretFacts: facts.filter(({ secret }) => secret).map(({ path }) => path),
  };
}

/** @throws if a record names a machine or balancer that the system lacks: a defect of the system */
function target<Machine extends MadeMachine, Spreader>(
  { name, to }: DnsRecord,
  { system }: Blueprint,
  machines: readonly Machine[],
  balancers: readonly { name: string; made: Spreader }[],
  failovers: readonly { name: string; made: MadeFailover<Machine> }[],
): PublicName<Machine, Spreader> {
  if ('balancer' in to) {
    const balancer = balancers.find((one) => one.name === to.balancer)?.made;
    if (!balancer) throw new Error(`record ${name} names a balancer that system ${system} does not have`);
    return { name, to: { balancer } };
  }
  const failover = failovers.find((one) => one.name === to.role)?.made;
  if (failover) return { name, to: { failover } };
  const machine = machines.find(({ host }) => host.role === to.role && host.index === to.index);
  if (!machine) throw new Error(`record ${name} names a machine that system ${system} does not have`);
  return { name, to: { machine } };
}
