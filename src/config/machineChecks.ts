import type { Blueprint } from '../model/blueprint.ts';
import { adoptsMachines, type CloudFace, type Clouds, namesWhere } from '../model/cloud.ts';
import type { Problem } from '../model/problem.ts';
import type { MachineBlock } from './checks.ts';
import { pathText } from './path.ts';
import { shown } from './shown.ts';
import { member } from './walk.ts';

/**
 * Returns roles without machines on a cloud that creates none, including roles whose options may be absent, such as the
 * one that replaces a balancer
 */
export const hostProblems = ({ system, roles }: Blueprint, { name, capabilities }: CloudFace): readonly Problem[] =>
  Object.entries(roles)
    .filter(([, { hosts }]) => adoptsMachines(capabilities) && hosts === undefined)
    .map(([, { option }]) => hostsMissing(pathText(['berth:systems', system, option, 'hosts']), name));

/** Returns machine options that do not fit the cloud: sizes, existing machines and schedules */
export function machineProblems({ path, value }: MachineBlock, cloud: CloudFace, clouds: Clouds): readonly Problem[] {
  const { makesMachines, schedules, cluster = false } = cloud.capabilities;
  const adopting = namesWhere(clouds, adoptsMachines, ' or ');
  const [size, hosts, schedule, replicas] = ['size', 'hosts', 'schedule', 'replicas'].map((key) => member(value, key));
  const at = (key: string) => pathText([...path, key]);
  const needless = (fix: string) =>
    size !== undefined && {
      path: at('size'),
      value: shown(size, [...path, 'size']),
      message: `has no effect: ${fix}`,
      fix: 'remove it',
    };
  const given = hosts !== undefined && {
    path: at('hosts'),
    message: `names existing machines, and cloud ${cloud.name} ${cluster ? 'has none' : 'makes its own'}`,
    fix: `remove it, or write cloud: ${adopting}`,
  };
  const problems: (Problem | false)[] = cluster
    ? [needless('a cluster places its pods by what their containers ask for'), given]
    : makesMachines
      ? [
          size === undefined && {
            path: at('size'),
            message: 'is missing',
            allowed: "the cloud's own name of a machine size, such as s1-2",
            fix: 'add size',
          },
          given,
        ]
      : [hosts === undefined && hostsMissing(at('hosts'), cloud.name), needless('the machine already exists')];
  const unkept = schedule !== undefined && !schedules && unkeptSchedule(at('schedule'), cloud, clouds, hosts);
  const unknown = replicas !== undefined &&
    !cluster && {
      path: at('replicas'),
      message: `is the number of pods, and cloud ${cloud.name} is no cluster`,
      allowed: `replicas on cloud ${namesWhere(clouds, (one) => one.cluster === true, ' or ')} only`,
      fix: 'remove it; a role that may have several machines has a count',
    };
  return [...problems, unkept, unknown].filter((problem) => problem !== false);
}

/**
 * Returns a problem for a schedule that the cloud cannot keep. Schedules of existing machines are kept by the lab that
 * they belong to.
 */
function unkeptSchedule(path: string, cloud: CloudFace, clouds: Clouds, hosts: unknown): Problem | false {
  const message = `is not supported by cloud ${cloud.name}`;
  const allowed = `schedules on ${namesWhere(clouds, ({ schedules }) => schedules)}`;
  const labs = Object.values(clouds).flatMap(({ adoptedHours }) => adoptedHours ?? []);
  if (!adoptsMachines(cloud.capabilities) || labs.length === 0) return { path, message, allowed, fix: 'remove it' };
  if (Array.isArray(hosts) && hosts.every((host) => labs.some(({ key }) => member(host, key) !== undefined)))
    return false;
  const keys = labs.map(({ key }) => key).join(' or ');
  return {
    path,
    message: `${message} for machines without ${keys}`,
    allowed: `${allowed}, and for machines in ${labs.map(({ place }) => place).join(' or ')}`,
    fix: `name the ${keys} of each machine under hosts, or remove it`,
  };
}

const hostsMissing = (path: string, cloud: string): Problem => ({
  path,
  message: `is missing: cloud ${cloud} makes no machines`,
  fix: 'name those that exist, each with address, user and hostKey',
});
