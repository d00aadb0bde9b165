import * as pulumi from '@pulumi/pulumi';
import { addressAt, machineOffset } from '../model/address.ts';
import type { Role, Rule } from '../model/blueprint.ts';
import type { LocalSettings } from '../model/environment.ts';
import { hostName, machineFact, machineName } from '../model/names.ts';
import { sshPort } from '../parts/access.ts';
import { cloudInit } from '../render/cloudInit.ts';
import { shortHash } from '../render/definition.ts';
import { localSizes } from './capabilities.ts';
import type { Cloud, Host, Provisioned, ProvisionRequest } from './cloud.ts';
import {
  AcmeServer,
  Bucket,
  type CloudRule,
  LogReceiver,
  Machine,
  Network,
  type Place,
  Registry,
  SshKey,
} from './local/resources.ts';

/** Machines as containers that boot systemd and cloud-init, on this computer; every service of a cloud is a real one */
export const local: Cloud = {
  provision(request) {
    const settings = request.environment.local;
    if (!settings) throw new Error('the local cloud has not been prepared: run `npm run local`, which also deploys');
    const site = siteOf(request);
    const services = cloudServices(request, site, settings);
    const machines = Object.entries(request.blueprint.roles).flatMap(([role, definition]) =>
      Array.from({ length: definition.count }, (_, index) =>
        makeMachine(request, site, settings, role, definition, index),
      ),
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

const registryName = 'registry.berth.test:5000';
const user = 'berth';

/** Where a system's containers stand: their network, their planned addresses, their names on this computer */
interface Site {
  network: Network;
  place(name: string, offset: number, image: string, aliases?: string[]): PlaceInputs;
  options: pulumi.CustomResourceOptions;
}
type PlaceInputs = { [K in keyof Place]: pulumi.Input<Place[K]> } & { name: string };

function siteOf({ blueprint, environment, parent }: ProvisionRequest): Site {
  // Two checkouts of one project never meet
  const checkout = shortHash(new URL('../..', import.meta.url).pathname, 6);
  const prefix = `berth-${environment.name}-${checkout}-${blueprint.system}`;
  const options = { parent };
  const network = new Network(`${blueprint.system}-network`, { name: prefix }, options);
  return {
    network,
    options,
    place: (name, offset, image, aliases = []) => ({
      name: `${prefix}-${name}`,
      network: network.name,
      address: network.subnet.apply((subnet) => addressAt(subnet, offset)),
      aliases,
      image,
    }),
  };
}

/** The registry, the certificate authority, the buckets and the log streams: containers too, each the real thing */
function cloudServices({ blueprint }: ProvisionRequest, site: Site, settings: LocalSettings) {
  const { system, buckets, logStreams } = blueprint;
  const { receivers } = settings;
  new Registry(
    `${system}-registry`,
    {
      ...site.place('registry', 2, receivers.registry, [registryName.replace(/:.*/, '')]),
      data: settings.registryData,
    },
    site.options,
  );
  const acme = new AcmeServer(`${system}-acme`, site.place('acme', 3, receivers.acme), site.options);
  const facts: Record<string, pulumi.Output<string>> = {
    'acme.directory': acme.directoryUrl,
    'acme.authority': acme.caCertificate,
    'acme.management': acme.managementUrl,
  };
  const secretFacts: string[] = [];
  buckets.forEach(({ name }, index) => {
    const place = site.place(`bucket-${name}`, 4 + index, receivers.objectStore);
    const bucket = new Bucket(`${system}-${name}`, { ...place, bucketName: `${system}-${name}` }, site.options);
    const { endpoint, region, accessKey, secretKey } = bucket;
    Object.assign(
      facts,
      prefixed(`buckets.${name}`, { endpoint, region, bucket: bucket.bucket, accessKey, secretKey }),
    );
    secretFacts.push(`buckets.${name}.accessKey`, `buckets.${name}.secretKey`);
  });
  logStreams.forEach(({ name }, index) => {
    const receiver = new LogReceiver(
      `${system}-${name}`,
      site.place(`logs-${name}`, 10 + index, receivers.logReceiver),
      site.options,
    );
    const { scheme, host, username, password, token } = receiver;
    const port = receiver.port.apply((number) => `${number}`);
    Object.assign(facts, prefixed(`logStreams.${name}`, { scheme, host, port, username, password, token }));
    secretFacts.push(`logStreams.${name}.password`, `logStreams.${name}.token`);
  });
  return { facts, secretFacts };
}

function makeMachine(
  { blueprint, environment, deployKey, parent }: ProvisionRequest,
  site: Site,
  settings: LocalSettings,
  role: string,
  definition: Role,
  index: number,
): { host: Host; facts: Provisioned['facts'] } {
  const machine = { system: blueprint.system, role, index };
  const name = machineName(machine);
  const size = localSizes[definition.size as keyof typeof localSizes];
  const hostKey = new SshKey(`${name}-host-key`, { comment: name }, { parent });
  const hostname = hostName(environment.name, machine);
  const domains = blueprint.records
    .filter((record) => record.role === role && record.index === index)
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
      ...size,
      firewallImage: settings.firewallImage ?? settings.machineImage,
    },
    { parent, deleteBeforeReplace: true },
  );
  const facts = {
    [machineFact(role, index, 'publicAddress')]: server.address,
    [machineFact(role, index, 'privateAddress')]: server.address,
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

const prefixed = <T>(prefix: string, values: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value]));
