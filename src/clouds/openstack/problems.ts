import { pathText } from '../../config/path.ts';
import type { Blueprint } from '../../model/blueprint.ts';
import type { Environment } from '../../model/environment.ts';
import type { Problem } from '../../model/problem.ts';
import { clearFix, clearText, linksInClear } from '../clear.ts';

/** Returns missing settings of the cloud, and unencrypted traffic over its public network */
export const problems = (blueprint: Blueprint, environment: Environment): readonly Problem[] => [
  ...missing(blueprint, environment),
  ...overPublicNetwork(blueprint, environment),
  ...commonAddress(blueprint, environment),
];

const at = (...keys: string[]): string => pathText(['berth:clouds', 'openstack', ...keys]);

function missing({ system, logStreams }: Blueprint, { clouds }: Environment): readonly Problem[] {
  if (!clouds.openstack)
    return [{ path: at('project'), message: `is missing: system ${system} is on this cloud`, fix: 'name the project' }];
  if (logStreams.length === 0 || clouds.openstack.logsService) return [];
  return [
    { path: at('logsService'), message: `is missing: system ${system} has a log stream`, fix: 'name the service' },
  ];
}

function overPublicNetwork(blueprint: Blueprint, environment: Environment): readonly Problem[] {
  const { system } = blueprint;
  const between = linksInClear(blueprint, environment);
  if (between.length === 0 || environment.clouds.openstack?.network !== 'public') return [];
  return [
    {
      path: at('network'),
      value: '`public`',
      message: `would send traffic between machines of ${system} unencrypted over a public network: ${clearText(between)}`,
      allowed: 'private, for a system with several roles',
      fix: clearFix(system, 'write network: private'),
    },
  ];
}

/** The provider's own network assigns each port its address, and gives none to several */
const commonAddress = ({ system, roles }: Blueprint, { clouds }: Environment): readonly Problem[] =>
  clouds.openstack?.network === 'private'
    ? []
    : Object.entries(roles)
        .filter(([, { failover }]) => failover)
        .map(([role]) => ({
          path: at('network'),
          value: '`public`',
          message: `has no address that the machines of ${system}'s role ${role} could hold in turn`,
          allowed: 'private, for a role of two machines with one address',
          fix: `write network: private, or one machine of ${role}`,
        }));
