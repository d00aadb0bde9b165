import type { Blueprint } from '../model/blueprint.ts';
import { type Clouds, namesWhere } from '../model/cloud.ts';
import type { Problem } from '../model/problem.ts';
import { pathText } from './path.ts';

/** Returns what a system wants to go on after the failure of one machine or node, and its cloud can't give it */
export const failoverProblems = (blueprint: Blueprint, cloud: string, clouds: Clouds): readonly Problem[] => [
  ...ofMachines(blueprint, cloud, clouds),
  ...ofCaches(blueprint, cloud, clouds),
];

/** Redis on machines takes over only as three that keep their data, for an application that asks their Sentinels */
const ofCaches = ({ system, roles }: Blueprint, cloud: string, clouds: Clouds): readonly Problem[] =>
  Object.values(roles)
    .filter(({ failover }) => failover === 'of its cache')
    .map(({ option }) => ({
      path: pathText(['berth:systems', system, option, 'failover']),
      message: `asks for another Redis that takes over, which this one does not have on cloud ${cloud}`,
      allowed:
        `on a cloud that has caches: ${namesWhere(clouds, ({ caches }) => caches, ', ')}; on three machines that keep their ` +
        'data (`persistent`), for a system whose application asks their Sentinels',
      fix: 'remove it; volumeGb keeps its data when the machine is replaced',
    }));

/** Roles whose machines would have one address, which the cloud can't lead to whichever works */
const ofMachines = ({ system, roles }: Blueprint, cloud: string, clouds: Clouds): readonly Problem[] =>
  Object.values(roles)
    .filter(({ failover }) => failover === 'asked')
    .map(({ option }) => ({
      path: pathText(['berth:systems', system, option, 'count']),
      message: `asks for one address of several machines, which cloud ${cloud} does not have`,
      allowed: `1, or a cloud that has one: ${namesWhere(clouds, ({ failover }) => failover !== undefined, ', ')}`,
      fix: 'write count: 1',
    }));
