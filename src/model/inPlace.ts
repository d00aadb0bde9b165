import { operatorAccess } from './access.ts';
import { type Blueprint, type Declaration, type DeclaredRole, redisPort } from './blueprint.ts';
import { type Failover, vrrpRule } from './failover.ts';
import { machineFact } from './names.ts';
import { type Reference, ref } from './value.ts';

/** Managed services of a cloud */
export interface Has {
  caches: boolean;
  balancers: boolean;
  /** How one address leads to whichever machine of a role works. @default not at all */
  failover?: Failover;
}

/** Returns blueprints by the name of their system */
export const bySystem = (blueprints: readonly Blueprint[]): Readonly<Record<string, Blueprint>> =>
  Object.fromEntries(blueprints.map((blueprint) => [blueprint.system, blueprint]));

/**
 * Replaces caches and balancers that a cloud lacks by a role of the same name, and points every reference at it. Operators
 * may log in to such a role. Also says how the cloud leads one address to several machines.
 */
export function onMachines(blueprint: Declaration, has: Has): Declaration {
  const caches = has.caches ? [] : blueprint.caches;
  const balancers = has.balancers ? [] : blueprint.balancers;
  const facts = new Map<string, Reference | string>([
    ...caches.flatMap(({ name, tls = false }): [string, Reference | string][] => [
      [`caches.${name}.scheme`, tls ? 'rediss' : 'redis'],
      [`caches.${name}.host`, ref(machineFact(name, 0, 'privateAddress'))],
      [`caches.${name}.port`, `${redisPort}`],
      [`caches.${name}.authority`, tls ? ref(`certificates.${name}.authority`) : ''],
    ]),
    ...balancers.map(({ name }): [string, Reference] => [
      `balancers.${name}.address`,
      ref(machineFact(name, 0, 'publicAddress')),
    ]),
  ]);
  const inPlace = [
    ...caches.map(({ name, inItsPlace, failover }) => ({
      name,
      inItsPlace: failover ? { ...inItsPlace, failover: 'of its cache' as const } : inItsPlace,
    })),
    ...balancers,
  ];
  const replaced = redirected(blueprint, facts) as Declaration;
  const added = inPlace.map(({ name, inItsPlace }) => [name, redirected(inItsPlace, facts) as DeclaredRole] as const);
  const roles = Object.entries({ ...replaced.roles, ...Object.fromEntries(added) });
  const agreeing = has.failover === 'address' ? roles.filter(([, role]) => role.failover === 'asked') : [];
  return {
    ...replaced,
    roles: Object.fromEntries(roles.map(([name, role]) => [name, withFailover(role, has.failover)])),
    rules: [
      ...replaced.rules,
      ...inPlace.map(({ name }) => operatorAccess(name)),
      ...agreeing.map(([name]) => vrrpRule(name)),
    ],
    caches: replaced.caches.filter(({ name }) => !caches.some((cache) => cache.name === name)),
    balancers: replaced.balancers.filter(({ name }) => !balancers.some((balancer) => balancer.name === name)),
    records: replaced.records.map(({ name, to }) =>
      'balancer' in to && balancers.some((balancer) => balancer.name === to.balancer)
        ? { name, to: { role: to.balancer, index: 0 } }
        : { name, to },
    ),
  };
}

/** Says how one address leads to a role's machines; it stays `asked` on a cloud that has no way */
const withFailover = (role: DeclaredRole, failover: Failover | undefined): DeclaredRole =>
  role.failover === 'asked' && failover ? { ...role, failover } : role;

/** Returns the data with references to a managed service pointed at the machine that replaces it */
function redirected(data: unknown, facts: ReadonlyMap<string, Reference | string>): unknown {
  if (typeof data !== 'object' || data === null) return data;
  if (Array.isArray(data)) return data.map((item) => redirected(item, facts));
  if ('ref' in data && typeof data.ref === 'string') return facts.get(data.ref) ?? data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, redirected(value, facts)]));
}
