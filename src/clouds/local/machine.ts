import * as pulumi from '@pulumi/pulumi';
import { sshPort } from '../../model/access.ts';
import { addressAt, machineOffset } from '../../model/address.ts';
import type { Blueprint } from '../../model/blueprint.ts';
import { failoverIndex } from '../../model/failover.ts';
import { hostName, type MachineName, machineName } from '../../model/names.ts';
import { type Caller, everybody, openings } from '../../model/openings.ts';
import { cloudInit, loginUser as user } from '../../render/cloudInit.ts';
import { dataFolder } from '../../render/paths.ts';
import { type FailoverRole, type MadeFailover, type MadeMachine, plainFact, type Slot } from '../makers.ts';
import { Address, type CloudRule, Machine, SshKey, Volume } from './resources.ts';
import type { Scope } from './scope.ts';
import { sizes } from './sizes.ts';

/** Creates a machine with its pinned host key, firewall, and DNS names */
export function makeMachine(scope: Scope, { machine, role: definition }: Slot): MadeMachine {
  const { settings } = scope;
  const { blueprint, environment, deployKey, parent } = scope.request;
  const { role, index } = machine;
  const name = machineName(machine);
  const size = sizes[definition.size as keyof typeof sizes];
  const hostKey = new SshKey(`${name}-host-key`, { comment: name }, { parent });
  const hostname = hostName(environment.name, machine);
  const domains = definition.failover ? [] : domainsOf(blueprint, role, index);
  const offset = machineOffset(definition.slot, index);
  const server = new Machine(
    name,
    {
      ...scope.place(`${role}-${index}`, offset, settings.machineImage, [`${name}.berth.test`, ...domains]),
      hostname,
      userData: pulumi
        .all([deployKey, hostKey.privateKey, hostKey.publicKey])
        .apply(([key, privateKey, publicKey]) =>
          cloudInit({ user, hostName: hostname, deployKey: key, hostKey: { privateKey, publicKey } }),
        ),
      rules: openings(
        blueprint.rules.filter(({ to }) => to === role),
        environment.operators.networks,
      ).map(({ from, protocol, port }): CloudRule => {
        return { protocol, port, sources: sourcesOf(from, scope, blueprint) };
      }),
      publish: Object.entries(definition.publish).map(([machinePort, hostPort]) => ({
        machinePort: Number(machinePort),
        hostPort,
      })),
      ...(definition.volume && {
        disks: [{ name: dataDisk(scope, name, machine, parent), folder: dataFolder(blueprint.system) }],
      }),
      ...size,
      firewallImage: settings.firewallImage ?? settings.machineImage,
    },
    { parent, deleteBeforeReplace: true },
  );
  const facts = {
    publicAddress: plainFact(server.address),
    privateAddress: plainFact(server.address),
    // The disk is mounted before the container's first process starts
    ...(definition.volume && { volumeDevice: plainFact('') }),
  };
  const host = {
    name,
    role,
    index,
    address: server.address,
    port: sshPort,
    user,
    hostKey: hostKey.publicKey,
    resource: server,
  };
  return { host, facts };
}

/** Creates the address that the machines of a role hold in turn, with its DNS names */
export function makeFailover(scope: Scope, { name, role }: FailoverRole<MadeMachine>): MadeFailover<MadeMachine> {
  const { blueprint, parent } = scope.request;
  const { machineImage, firewallImage = machineImage } = scope.settings;
  const offset = machineOffset(role.slot, failoverIndex);
  const made = new Address(
    `${blueprint.system}-${name}-address`,
    scope.place(`${name}-address`, offset, firewallImage, domainsOf(blueprint, name, 0)),
    { parent },
  );
  return { facts: { publicAddress: plainFact(made.address), privateAddress: plainFact(made.address) } };
}

/** Returns the public names of a machine */
const domainsOf = ({ records }: Blueprint, role: string, index: number): string[] =>
  records.filter(({ to }) => 'role' in to && to.role === role && to.index === index).map((record) => record.name);

/** Returns the name of a machine's data disk, which is kept when the machine is replaced */
function dataDisk(scope: Scope, name: string, { role, index }: MachineName, parent: pulumi.Resource) {
  return new Volume(`${name}-data`, { name: `${scope.prefix}-${role}-${index}-data` }, { parent }).name;
}

/** Returns the networks and addresses of a caller, for the rules of the local cloud's firewall */
function sourcesOf(from: Caller, { network }: Scope, { roles }: Blueprint) {
  if (from.kind === 'internet') return [everybody];
  if (from.kind === 'operators') return [...from.networks, network.gateway.apply((gateway) => `${gateway}/32`)];
  if (from.kind === 'networks') return [...from.networks];
  const caller = roles[from.role];
  return Array.from({ length: caller?.count ?? 0 }, (_, index) =>
    network.subnet.apply((subnet) => `${addressAt(subnet, machineOffset(caller?.slot ?? 0, index))}/32`),
  );
}
