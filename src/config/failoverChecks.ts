import type { Blueprint } from '../model/blueprint.ts';
import { type Clouds, namesWhere } from '../model/cloud.ts';
import type { Problem } from '../model/problem.ts';
import { pathText } from './path.ts';

/** Returns what a system wants to go on after the failure of one machine or node, and its cloud can't give it */
export const failoverProblems = (blueprint: Blueprint, cloud: string, clouds: Clouds): readonly Problem[] => [
  ...ofMachines(blueprint, cloud, clouds),
  ...ofCaches(blueprint, cloud, clouds),
];

/** A Redis on a machine stands alone */
const ofCaches = ({ system, roles }: Blueprint, cloud: string, clouds: Clouds): readonly Problem[] =>
  Object.values(roles)
    .filter(({ failover }) => failover === 'of its cache')
    .map(({ option }) => ({
      path: pathText(['berth:systems', system, option, 'failover']),
      message: `asks for a second node, which a Redis on a machine of cloud ${cloud} does not have`,
      allowed: `on a cloud that has caches: ${namesWhere(clouds, ({ caches }) => caches, ', ')}`,
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
