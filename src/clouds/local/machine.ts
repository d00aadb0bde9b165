import * as pulumi from '@pulumi/pulumi';
import { sshPort } from '../../model/access.ts';
import { addressAt, machineOffset } from '../../model/address.ts';
import type { Role, Rule } from '../../model/blueprint.ts';
import { hostName, type MachineName, machineFact, machineName } from '../../model/names.ts';
import { cloudInit, loginUser as user } from '../../render/cloudInit.ts';
import { dataFolder } from '../../render/paths.ts';
import type { Host, Provisioned, ProvisionRequest } from '../cloud.ts';
import type { LocalSettings } from './prepared.ts';
import { type CloudRule, Machine, SshKey, Volume } from './resources.ts';
import type { Site } from './site.ts';
import { sizes } from './sizes.ts';

/** One machine, with its pinned host key, its firewall and what it is found by */
export function makeMachine(
  { blueprint, environment, deployKey, parent }: ProvisionRequest,
  site: Site,
  settings: LocalSettings,
  machine: MachineName,
  definition: Role,
): { host: Host; facts: Provisioned['facts'] } {
  const { role, index } = machine;
  const name = machineName(machine);
  const size = sizes[definition.size as keyof typeof sizes];
  const hostKey = new SshKey(`${name}-host-key`, { comment: name }, { parent });
  const hostname = hostName(environment.name, machine);
  const domains = blueprint.records
    .filter(({ to }) => 'role' in to && to.role === role && to.index === index)
    .map((record) => record.name);
  const offset = machineOffset(Object.keys(blueprint.roles), role, index);
  const server = new Machine(
    name,
    {
      ...site.place(`${role}-${index}`, offset, settings.machineImage, [`${name}.berth.test`, ...domains]),
      hostname,
      userData: pulumi
        .all([deployKey, hostKey.privateKey, hostKey.publicKey])
        .apply(([key, privateKey, publicKey]) =>
          cloudInit({ user, hostName: hostname, deployKey: key, hostKey: { privateKey, publicKey } }),
        ),
      rules: blueprint.rules
        .filter((rule) => rule.to === role)
        .map((rule) => cloudRule(rule, environment.operators.networks, site, blueprint.roles)),
      publish: Object.entries(definition.publish).map(([machinePort, hostPort]) => ({
        machinePort: Number(machinePort),
        hostPort,
      })),
      ...(definition.volume && {
        disks: [{ name: dataDisk(site, name, machine, parent), folder: dataFolder(blueprint.system) }],
      }),
      ...size,
      firewallImage: settings.firewallImage ?? settings.machineImage,
    },
    { parent, deleteBeforeReplace: true },
  );
  const facts = {
    [machineFact(role, index, 'publicAddress')]: server.address,
    [machineFact(role, index, 'privateAddress')]: server.address,
    // The container has it mounted before its first program
    ...(definition.volume && { [machineFact(role, index, 'volumeDevice')]: pulumi.output('') }),
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

/** The name of a machine's data disk, which stays when the machine is made anew */
function dataDisk(site: Site, name: string, { role, index }: MachineName, parent: pulumi.Resource) {
  return new Volume(`${name}-data`, { name: `${site.prefix}-${role}-${index}-data` }, { parent }).name;
}

/** A rule as the cloud's firewall takes it */
function cloudRule(
  rule: Rule,
  operators: readonly string[],
  site: Site,
  roles: Readonly<Record<string, Role>>,
): CloudRule {
  return { protocol: rule.protocol, port: rule.port, sources: sourcesOf(rule.from, operators, site, roles) };
}

function sourcesOf(
  from: Rule['from'],
  operators: readonly string[],
  site: Site,
  roles: Readonly<Record<string, Role>>,
) {
  if (from === 'internet') return ['0.0.0.0/0'];
  if (from === 'operators') return [...operators, site.network.gateway.apply((gateway) => `${gateway}/32`)];
  if ('networks' in from) return [...from.networks];
  return Array.from({ length: roles[from.role]?.count ?? 0 }, (_, index) =>
    site.network.subnet.apply(
      (subnet) => `${addressAt(subnet, machineOffset(Object.keys(roles), from.role, index))}/32`,
    ),
  );
}
