import { operatorAccess } from './access.ts';
import { type Blueprint, type Cache, type Declaration, type DeclaredRole, redisPort } from './blueprint.ts';
import { type Failover, vrrpRule } from './failover.ts';
import { machineFact } from './names.ts';
import { sentinelMachines, sentinelRules, sentinelsOf } from './sentinels.ts';
import { needsOf, ref, type Value } from './value.ts';

/** Managed services of a cloud */
export interface Has {
  caches: boolean;
  balancers: boolean;
  /** Whether roles become workloads of a cluster. @default false */
  cluster?: boolean;
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
  const taking = caches.filter((cache) => takesOver(cache, blueprint, has));
  const facts = new Map<string, Value>([
    ...caches.flatMap(({ name, tls = false }): [string, Value][] => [
      [`caches.${name}.scheme`, tls ? 'rediss' : 'redis'],
      [`caches.${name}.host`, ref(machineFact(name, 0, 'privateAddress'))],
      [`caches.${name}.port`, `${redisPort}`],
      [`caches.${name}.authority`, tls ? ref(`certificates.${name}.authority`) : ''],
      [`caches.${name}.sentinels`, taking.some((cache) => cache.name === name) ? sentinelsOf(name) : ''],
    ]),
    ...balancers.map(({ name }): [string, Value] => [
      `balancers.${name}.address`,
      ref(machineFact(name, 0, 'publicAddress')),
    ]),
  ]);
  const inPlace = [
    ...caches.map((cache) => ({
      name: cache.name,
      inItsPlace:
        cache.failover && !taking.includes(cache)
          ? { ...cache.inItsPlace, failover: 'of its cache' as const }
          : cache.inItsPlace,
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
      ...taking.flatMap((cache) => sentinelRules(cache, replaced.rules)),
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

/**
 * Whether the machines of a cache take over from each other: three whose data outlive a restart, on their own, for an
 * application that asks their Sentinels. A master without its data would empty its replicas
 */
const takesOver = (cache: Cache, { roles }: Declaration, { cluster = false }: Has): boolean =>
  cache.failover === true &&
  cache.persistent === true &&
  !cluster &&
  cache.inItsPlace.count === sentinelMachines &&
  needsOf(roles).refs.includes(`caches.${cache.name}.sentinels`);

/** Says how one address leads to a role's machines; it stays `asked` on a cloud that has no way */
const withFailover = (role: DeclaredRole, failover: Failover | undefined): DeclaredRole =>
  role.failover === 'asked' && failover ? { ...role, failover } : role;

/** Returns the data with references to a managed service pointed at the machine that replaces it */
function redirected(data: unknown, facts: ReadonlyMap<string, Value>): unknown {
  if (typeof data !== 'object' || data === null) return data;
  if (Array.isArray(data)) return data.map((item) => redirected(item, facts));
  if ('ref' in data && typeof data.ref === 'string') return facts.get(data.ref) ?? data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, redirected(value, facts)]));
}
