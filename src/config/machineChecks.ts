import type { Blueprint } from '../model/blueprint.ts';
import { type CloudFace, type Clouds, namesWhere } from '../model/cloud.ts';
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
    .filter(([, { hosts }]) => !capabilities.makesMachines && hosts === undefined)
    .map(([, { option }]) => hostsMissing(pathText(['berth:systems', system, option, 'hosts']), name));

/** Returns machine options that do not fit the cloud: sizes, existing machines and schedules */
export function machineProblems({ path, value }: MachineBlock, cloud: CloudFace, clouds: Clouds): readonly Problem[] {
  const { makesMachines, schedules } = cloud.capabilities;
  const adopting = namesWhere(clouds, (one) => !one.makesMachines, ' or ');
  const [size, hosts, schedule] = ['size', 'hosts', 'schedule'].map((key) => member(value, key));
  const at = (key: string) => pathText([...path, key]);
  const problems: (Problem | false)[] = makesMachines
    ? [
        size === undefined && {
          path: at('size'),
          message: 'is missing',
          allowed: "the cloud's own name of a machine size, such as s1-2",
          fix: 'add size',
        },
        hosts !== undefined && {
          path: at('hosts'),
          message: `names existing machines, and cloud ${cloud.name} makes its own`,
          fix: `remove it, or write cloud: ${adopting}`,
        },
      ]
    : [
        hosts === undefined && hostsMissing(at('hosts'), cloud.name),
        size !== undefined && {
          path: at('size'),
          value: shown(size, [...path, 'size']),
          message: 'has no effect: the machine already exists',
          fix: 'remove it',
        },
      ];
  const unkept = schedule !== undefined && !schedules && unkeptSchedule(at('schedule'), cloud, clouds, hosts);
  return [...problems, unkept].filter((problem) => problem !== false);
}

/**
 * Returns a problem for a schedule that the cloud cannot keep. Schedules of existing machines are kept by the lab that
 * they belong to.
 */
function unkeptSchedule(path: string, cloud: CloudFace, clouds: Clouds, hosts: unknown): Problem | false {
  const message = `is not supported by cloud ${cloud.name}`;
  const allowed = `schedules on ${namesWhere(clouds, ({ schedules }) => schedules)}`;
  const labs = Object.values(clouds).flatMap(({ adoptedHours }) => adoptedHours ?? []);
  if (cloud.capabilities.makesMachines || labs.length === 0) return { path, message, allowed, fix: 'remove it' };
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
