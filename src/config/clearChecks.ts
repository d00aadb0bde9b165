import type { Blueprint, Rule } from '../model/blueprint.ts';
import type { CloudName, Environment } from '../model/environment.ts';
import type { Problem } from './error.ts';
import { pathText } from './path.ts';
import { isPrivateAddress } from './privateRange.ts';

type Between = Rule & { from: { role: string } };

/**
 * Machines of a system speak to each other as their programs do: MySQL, Redis, HTTP to an API, exporters, none of them
 * encrypted. Where they have no private network, everybody on the way reads passwords and data: that is refused, unless the
 * file says that the network is trusted all the same.
 */
export function clearProblems(blueprint: Blueprint, environment: Environment, cloud: CloudName): readonly Problem[] {
  const { system, roles, rules } = blueprint;
  if (environment.systems[system]?.trustNetwork) return [];
  const between = rules.filter((rule): rule is Between => typeof rule.from === 'object' && 'role' in rule.from);
  if (between.length === 0) return [];
  const fix = (first: string) => `${first}, or trustNetwork: true for ${system} where nobody else reads that network`;
  if (cloud === 'openstack' && environment.clouds.openstack?.network === 'public')
    return [
      {
        path: pathText(['berth:clouds', 'openstack', 'network']),
        value: '`public`',
        message: `would send what machines of ${system} say to each other over a public network, unencrypted: ${told(between)}`,
        allowed: 'private, for a system of several kinds of machines',
        fix: fix('write network: private'),
      },
    ];
  if (cloud !== 'existing') return [];
  return Object.entries(roles).flatMap(([role, { hosts = [] }]) => {
    const own = between.filter(({ from, to }) => from.role === role || to === role);
    if (own.length === 0) return [];
    return hosts.flatMap(({ address, privateAddress }, index) =>
      isPrivateAddress(privateAddress ?? address)
        ? []
        : [
            {
              path: pathText(['berth:systems', system, role, 'hosts', index, 'privateAddress']),
              ...(privateAddress === undefined
                ? { message: `is missing, and ${address} is public: unencrypted over it would go ${told(own)}` }
                : { value: `\`${privateAddress}\``, message: `is public: unencrypted over it would go ${told(own)}` }),
              allowed: 'an address of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10',
              fix: fix('name the address that its peers reach it by inside'),
            },
          ],
    );
  });
}

const told = (rules: readonly Between[]): string =>
  rules.map(({ from, to, port, why }) => `${from.role} to ${to} on port ${port} (${why})`).join('; ');
