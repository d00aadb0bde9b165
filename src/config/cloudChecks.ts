import type { Blueprint } from '../model/blueprint.ts';
import { adoptsMachines, type Capabilities, type Clouds, namesWhere } from '../model/cloud.ts';
import type { Environment } from '../model/environment.ts';
import { monitoringRole } from '../model/monitoring.ts';
import type { Problem } from '../model/problem.ts';
import { addressProblems } from './addressChecks.ts';
import type { Claimed, MachineBlock } from './checks.ts';
import { failoverProblems } from './failoverChecks.ts';
import { hostProblems, machineProblems } from './machineChecks.ts';
import { ownVariableProblems } from './ownVariables.ts';
import { type Path, pathText } from './path.ts';
import { shown } from './shown.ts';
import { cloudNamed, member } from './walk.ts';

/** Returns settings of a system's entry, as written, that its cloud does not support */
export function entryProblems(
  system: string,
  entry: unknown,
  { claims, blocks }: { claims: readonly Claimed[]; blocks: readonly MachineBlock[] },
  clouds: Clouds,
): readonly Problem[] {
  const base: Path = ['berth:systems', system];
  const face = cloudNamed(clouds, member(entry, 'cloud'));
  if (!face) return [];
  const { name, capabilities } = face;
  const own = claims.filter(({ path }) => path[1] === system);
  return [
    ...alertProblems(base, entry),
    ...regionProblems([...base, 'region'], member(entry, 'region'), name, capabilities),
    ...(capabilities.adoptsAddresses ? [] : own.filter(({ kind }) => kind === 'address').map(adoption(name))),
    ...(capabilities.publishesPorts ? [] : publications(own, name, clouds)),
    ...blocks.filter(({ path }) => path[1] === system).flatMap((block) => machineProblems(block, face, clouds)),
  ];
}

/** Returns needs of a system's blueprint that its cloud does not support */
export function blueprintProblems(
  blueprint: Blueprint,
  environment: Environment,
  cloud: string,
  clouds: Clouds,
): readonly Problem[] {
  const face = clouds[cloud];
  if (!face) return [];
  const { capabilities } = face;
  return [
    ...contactProblems(blueprint),
    ...ownVariableProblems(blueprint, environment.systems[blueprint.system]?.options),
    ...sizeProblems(blueprint, cloud, capabilities),
    ...(capabilities.publishesPorts ? sharedPorts(blueprint) : []),
    ...hostProblems(blueprint, face),
    ...(capabilities.adoptsAddresses ? addressProblems(blueprint, environment) : []),
    ...bucketProblems(blueprint, cloud, capabilities),
    ...failoverProblems(blueprint, cloud, clouds),
    ...face.problems(blueprint, environment),
    ...(adoptsMachines(capabilities) ? hoursProblems(blueprint, clouds) : []),
  ];
}

/** Nobody is told of alerts where nothing watches */
const alertProblems = (base: Path, entry: unknown): readonly Problem[] =>
  member(entry, 'alerts') === undefined || member(entry, 'monitoring') !== undefined
    ? []
    : [
        {
          path: pathText([...base, 'alerts']),
          message: 'has no effect: no machine watches the others',
          fix: 'add monitoring: true, or remove it',
        },
      ];

/** A system whose own certificates are from elsewhere says nothing of an authority's contact */
const contactProblems = ({ system, roles }: Blueprint): readonly Problem[] => {
  const tls = roles[monitoringRole]?.edge?.tls;
  if (tls?.kind !== 'acme' || tls.email !== '') return [];
  const path = pathText(['berth:systems', system, 'monitoring', 'contact']);
  return [
    {
      path,
      message: 'is missing: its pages get their certificates from an authority, and the system names no contact',
      allowed: 'an e-mail address',
      fix: 'write monitoring: { …, contact: ops@example.org }',
    },
  ];
};

/** Returns problems of schedules that one cloud keeps for machines adopted by another */
const hoursProblems = (blueprint: Blueprint, clouds: Clouds): readonly Problem[] =>
  Object.values(clouds).flatMap(({ adoptedHours }) => adoptedHours?.problems(blueprint) ?? []);

function sizeProblems({ system, roles }: Blueprint, cloud: string, { sizes }: Capabilities): readonly Problem[] {
  if (!sizes) return [];
  return Object.entries(roles)
    .flatMap(([, { option, size }]) => (size === undefined || size in sizes ? [] : [{ option, size }]))
    .map(({ option, size }) => ({
      path: pathText(['berth:systems', system, option, 'size']),
      value: `\`${size}\``,
      message: `is not a size of cloud ${cloud}`,
      allowed: Object.entries(sizes)
        .map(([name, { memoryMb, cpus }]) => `${name} (${memoryMb / 1024} GB, ${cpus} cpus)`)
        .join(', '),
    }));
}

/** A port of this computer leads to one machine, and a role's options apply to each of its machines */
const sharedPorts = ({ system, roles }: Blueprint): readonly Problem[] =>
  Object.entries(roles)
    .filter(([, { count, publish }]) => count > 1 && Object.keys(publish).length > 0)
    .map(([, { option, count }]) => ({
      path: pathText(['berth:systems', system, option, 'publish']),
      message: `would publish ${count} machines on the same port of this computer`,
      allowed: 'publish on a role of one machine',
      fix: 'remove it, or write count: 1; publish a balancer before them instead',
    }));

function bucketProblems(
  { system, buckets }: Blueprint,
  cloud: string,
  { bucketApis: apis }: Capabilities,
): readonly Problem[] {
  return buckets
    .filter((bucket) => !bucket.apis.some((api) => apis.includes(api)))
    .map((bucket) => ({
      path: pathText(['berth:systems', system]),
      message: `asks for bucket ${bucket.name} with the protocol ${bucket.apis.join(' or ')}, which cloud ${cloud} does not support`,
      allowed: apis.join(', '),
      fix: `choose ${apis.join(' or ')} in the options of ${system}, or another cloud`,
    }));
}

function regionProblems(path: Path, region: unknown, cloud: string, capabilities: Capabilities): readonly Problem[] {
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
        message: `has no effect: cloud ${cloud} has no regions`,
        fix: 'remove it',
      },
    ];
  }
  return [];
}

const adoption =
  (cloud: string) =>
  ({ path, value }: Claimed): Problem => ({
    path: pathText(path),
    value: `\`${value}\``,
    message: `cannot be adopted: cloud ${cloud} assigns addresses itself`,
    fix: 'remove it',
  });

/** Returns one problem for each block of published ports */
function publications(claims: readonly Claimed[], cloud: string, clouds: Clouds): readonly Problem[] {
  const blocks = claims
    .filter(({ kind }) => kind === 'port of this computer')
    .map(({ path }) => pathText(path.slice(0, -1)));
  return [...new Set(blocks)].map((path) => ({
    path,
    message: `is only for machines on this computer, and this one is on cloud ${cloud}`,
    allowed: `publish on cloud ${namesWhere(clouds, ({ publishesPorts }) => publishesPorts, ' or ')} only`,
    fix: 'remove it: access to a machine follows from its rules',
  }));
}
