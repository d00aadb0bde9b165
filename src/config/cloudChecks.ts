import type { Blueprint } from '../model/blueprint.ts';
import type { CloudName, Environment } from '../model/environment.ts';
import { addressProblems } from './addressChecks.ts';
import { awsProblems } from './awsChecks.ts';
import { azureProblems, zoneProblems } from './azureChecks.ts';
import type { Capabilities, Clouds } from './capabilities.ts';
import type { Claimed, MachineBlock } from './checks.ts';
import { clearProblems } from './clearChecks.ts';
import type { Problem } from './error.ts';
import { existingProblems } from './existingSettings.ts';
import { hostProblems, machineProblems } from './machineChecks.ts';
import { type Path, pathText } from './path.ts';
import { cloudNames } from './schema.ts';
import { shown } from './shown.ts';
import { member } from './walk.ts';

/** What a system's entry asks of its cloud and can't get, from the entry as it was written */
export function entryProblems(
  system: string,
  entry: unknown,
  { claims, blocks }: { claims: readonly Claimed[]; blocks: readonly MachineBlock[] },
  clouds: Clouds,
): readonly Problem[] {
  const base: Path = ['berth:systems', system];
  const cloud = member(entry, 'cloud');
  const name = cloudNames.find((known) => known === cloud);
  if (name === undefined) return [];
  const capabilities = clouds[name];
  if (!capabilities) {
    const message = 'is not available in this version of berth';
    return [
      { path: pathText([...base, 'cloud']), value: `\`${name}\``, message, allowed: Object.keys(clouds).join(', ') },
    ];
  }
  const own = claims.filter(({ path }) => path[1] === system);
  return [
    ...regionProblems([...base, 'region'], member(entry, 'region'), name, capabilities),
    ...(capabilities.adoptsAddresses ? [] : own.filter(({ kind }) => kind === 'address').map(adoption(name))),
    ...(capabilities.publishesPorts ? [] : publications(own, name)),
    ...blocks.filter(({ path }) => path[1] === system).flatMap((block) => machineProblems(block, name, capabilities)),
  ];
}

/** What a system's blueprint needs and its cloud doesn't have */
export function blueprintProblems(
  blueprint: Blueprint,
  environment: Environment,
  cloud: CloudName,
  clouds: Clouds,
): readonly Problem[] {
  const capabilities = clouds[cloud];
  if (!capabilities) return [];
  return [
    ...sizeProblems(blueprint, cloud, capabilities),
    ...(capabilities.publishesPorts ? sharedPorts(blueprint) : []),
    ...hostProblems(blueprint, cloud, capabilities),
    ...(capabilities.adoptsAddresses ? addressProblems(blueprint, environment) : []),
    ...bucketProblems(blueprint, cloud, capabilities),
    ...settingsProblems(blueprint, environment, cloud),
    ...clearProblems(blueprint, environment, cloud),
  ];
}

/** A role's options stand under its name */
function sizeProblems({ system, roles }: Blueprint, cloud: CloudName, { sizes }: Capabilities): readonly Problem[] {
  if (!sizes) return [];
  return Object.entries(roles)
    .flatMap(([role, { size }]) => (size === undefined || size in sizes ? [] : [{ role, size }]))
    .map(({ role, size }) => ({
      path: pathText(['berth:systems', system, role, 'size']),
      value: `\`${size}\``,
      message: `is not a size of cloud ${cloud}`,
      allowed: Object.entries(sizes)
        .map(([name, { memoryMb, cpus }]) => `${name} (${memoryMb / 1024} GB, ${cpus} cpus)`)
        .join(', '),
    }));
}

/** A port of this computer shows one machine, and a role's options are those of each of its machines */
const sharedPorts = ({ system, roles }: Blueprint): readonly Problem[] =>
  Object.entries(roles)
    .filter(([, { count, publish }]) => count > 1 && Object.keys(publish).length > 0)
    .map(([role, { count }]) => ({
      path: pathText(['berth:systems', system, role, 'publish']),
      message: `would show ${count} machines at the same port of this computer`,
      allowed: 'publish on a role of one machine',
      fix: 'remove it, or write count: 1; publish a balancer before them instead',
    }));

function bucketProblems(
  { system, buckets }: Blueprint,
  cloud: CloudName,
  { bucketApis: apis }: Capabilities,
): readonly Problem[] {
  return buckets
    .filter((bucket) => !bucket.apis.some((api) => apis.includes(api)))
    .map((bucket) => ({
      path: pathText(['berth:systems', system]),
      message: `asks for bucket ${bucket.name} with the protocol ${bucket.apis.join(' or ')}, which cloud ${cloud} does not speak`,
      allowed: apis.join(', '),
      fix: `choose ${apis.join(' or ')} in the options of ${system}, or another cloud`,
    }));
}

function regionProblems(path: Path, region: unknown, cloud: CloudName, capabilities: Capabilities): readonly Problem[] {
  if (capabilities.region !== undefined && region === undefined) {
    const fix = `add region: ${capabilities.region}`;
    return [
      {
        path: pathText(path),
        message: 'is missing',
        allowed: `a region of cloud ${cloud}, such as ${capabilities.region}`,
        fix,
      },
    ];
  }
  if (typeof region === 'string' && capabilities.regionForm?.test(region) === false) {
    const allowed = `a region of cloud ${cloud}, such as ${capabilities.region}`;
    return [
      { path: pathText(path), value: shown(region, path), message: `is not a region of cloud ${cloud}`, allowed },
    ];
  }
  if (capabilities.region === undefined && region !== undefined) {
    return [
      {
        path: pathText(path),
        value: shown(region, path),
        message: `means nothing: cloud ${cloud} has no regions`,
        fix: 'remove it',
      },
    ];
  }
  return [];
}

const adoption =
  (cloud: CloudName) =>
  ({ path, value }: Claimed): Problem => ({
    path: pathText(path),
    value: `\`${value}\``,
    message: `cannot be adopted: cloud ${cloud} gives machines their addresses itself`,
    fix: 'remove it',
  });

/** One problem for each block of ports */
function publications(claims: readonly Claimed[], cloud: CloudName): readonly Problem[] {
  const blocks = claims
    .filter(({ kind }) => kind === 'port of this computer')
    .map(({ path }) => pathText(path.slice(0, -1)));
  return [...new Set(blocks)].map((path) => ({
    path,
    message: `is for machines on this computer, and this one is on cloud ${cloud}`,
    allowed: 'publish on cloud local only',
    fix: 'remove it: who may reach a machine follows from its rules',
  }));
}

/** What a cloud must know before it can give what a system asks for */
function settingsProblems(
  blueprint: Blueprint,
  { clouds, systems }: Environment,
  cloud: CloudName,
): readonly Problem[] {
  if (cloud === 'aws') return awsProblems(blueprint, systems[blueprint.system]?.region);
  if (cloud === 'azure') return azureProblems(blueprint, clouds.azure);
  if (cloud === 'existing') return [...existingProblems(blueprint, clouds.existing), ...zoneProblems(blueprint)];
  if (cloud !== 'openstack') return [];
  const { system, logStreams } = blueprint;
  const at = (...keys: string[]) => pathText(['berth:clouds', 'openstack', ...keys]);
  if (!clouds.openstack)
    return [{ path: at('project'), message: `is missing: system ${system} is on this cloud`, fix: 'name the project' }];
  if (logStreams.length === 0 || clouds.openstack.logsService) return [];
  return [
    { path: at('logsService'), message: `is missing: system ${system} writes a log stream`, fix: 'name the service' },
  ];
}
