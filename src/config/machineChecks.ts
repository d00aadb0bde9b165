import type { Blueprint } from '../model/blueprint.ts';
import type { CloudName } from '../model/environment.ts';
import type { Capabilities } from './capabilities.ts';
import type { MachineBlock } from './checks.ts';
import type { Problem } from './error.ts';
import { pathText } from './path.ts';
import { shown } from './shown.ts';
import { member } from './walk.ts';

/** Roles whose options may be absent, such as what stands in a balancer's place, need machines too */
export const hostProblems = (
  { system, roles }: Blueprint,
  cloud: CloudName,
  { makesMachines }: Capabilities,
): readonly Problem[] =>
  Object.entries(roles)
    .filter(([, { hosts }]) => !makesMachines && hosts === undefined)
    .map(([role]) => hostsMissing(pathText(['berth:systems', system, role, 'hosts']), cloud));

/** Machines that a cloud makes, or adopts; hours that it keeps */
export function machineProblems(
  { path, value }: MachineBlock,
  cloud: CloudName,
  { makesMachines, schedules }: Capabilities,
): readonly Problem[] {
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
          message: `names machines that exist, and cloud ${cloud} makes its own`,
          fix: 'remove it, or write cloud: existing',
        },
      ]
    : [
        hosts === undefined && hostsMissing(at('hosts'), cloud),
        size !== undefined && {
          path: at('size'),
          value: shown(size, [...path, 'size']),
          message: 'means nothing: the machine exists already',
          fix: 'remove it',
        },
      ];
  const unkept = schedule !== undefined && !schedules && unkeptSchedule(at('schedule'), cloud, makesMachines, hosts);
  return [...problems, unkept].filter((problem) => problem !== false);
}

/** Hours of a machine that exists are its lab's to keep, where it stands in one */
function unkeptSchedule(path: string, cloud: CloudName, makesMachines: boolean, hosts: unknown): Problem | false {
  const message = `is nothing that cloud ${cloud} can keep`;
  if (makesMachines) return { path, message, allowed: 'schedules on azure and aws', fix: 'remove it' };
  if (Array.isArray(hosts) && hosts.every((host) => member(host, 'devTestLab') !== undefined)) return false;
  return {
    path,
    message: `${message} of machines that name no devTestLab`,
    allowed: 'schedules on azure and aws, and of machines in an Azure DevTest Lab',
    fix: 'name the devTestLab of each machine under hosts, or remove it',
  };
}

const hostsMissing = (path: string, cloud: CloudName): Problem => ({
  path,
  message: `is missing: cloud ${cloud} makes no machines`,
  fix: 'name those that exist, each with address, user and hostKey',
});
