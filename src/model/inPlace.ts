import { operatorAccess } from './access.ts';
import { type Blueprint, type Declaration, redisPort } from './blueprint.ts';
import type { Clouds } from './cloud.ts';
import type { Environment, SystemEntry } from './environment.ts';
import { withoutImages } from './leftOut.ts';
import { machineFact } from './names.ts';
import { planned } from './rolePlans.ts';
import type { System } from './system.ts';
import { type Reference, ref } from './value.ts';

/** Which services a cloud has of its own */
interface Has {
  caches: boolean;
  balancers: boolean;
}

/** A system's blueprint on the cloud of its entry; a cloud that is not among them has nothing of its own */
export const blueprintOn = (
  system: System<unknown>,
  entry: SystemEntry,
  environment: Environment,
  clouds: Clouds,
): Blueprint => {
  const cloud = clouds[entry.cloud];
  const has = cloud?.capabilities ?? { caches: false, balancers: false };
  const declared = onMachines(system.blueprint(entry.options, environment), has);
  return withoutImages(planned(system, declared, entry.options), cloud?.standIns?.(environment).without ?? {});
};

/** The blueprints of an environment's systems, each on its cloud */
export const blueprintsOf = (
  environment: Environment,
  systems: Readonly<Record<string, System<unknown>>>,
  clouds: Clouds,
): readonly Blueprint[] =>
  Object.entries(environment.systems).flatMap(([name, entry]) => {
    const system = systems[name];
    return system ? [blueprintOn(system, entry, environment, clouds)] : [];
  });

/** Each by its system's name */
export const bySystem = (blueprints: readonly Blueprint[]): Readonly<Record<string, Blueprint>> =>
  Object.fromEntries(blueprints.map((blueprint) => [blueprint.system, blueprint]));

/** What the cloud has no service for stands on machines: a role of the same name, to which every reference leads */
export function onMachines(blueprint: Declaration, has: Has): Declaration {
  const caches = has.caches ? [] : blueprint.caches;
  const balancers = has.balancers ? [] : blueprint.balancers;
  const facts = new Map<string, Reference | string>([
    ...caches.flatMap(({ name }): [string, Reference | string][] => [
      [`caches.${name}.scheme`, 'redis'],
      [`caches.${name}.host`, ref(machineFact(name, 0, 'privateAddress'))],
      [`caches.${name}.port`, `${redisPort}`],
    ]),
    ...balancers.map(({ name }): [string, Reference] => [
      `balancers.${name}.address`,
      ref(machineFact(name, 0, 'publicAddress')),
    ]),
  ]);
  const inPlace = [...caches, ...balancers];
  const replaced = redirected(blueprint, facts) as Declaration;
  const roles = inPlace.map(({ name, inItsPlace }) => [name, redirected(inItsPlace, facts)]);
  return {
    ...replaced,
    roles: { ...replaced.roles, ...Object.fromEntries(roles) },
    rules: [...replaced.rules, ...inPlace.map(({ name }) => operatorAccess(name))],
    caches: replaced.caches.filter(({ name }) => !caches.some((cache) => cache.name === name)),
    balancers: replaced.balancers.filter(({ name }) => !balancers.some((balancer) => balancer.name === name)),
    records: replaced.records.map(({ name, to }) =>
      'balancer' in to && balancers.some((balancer) => balancer.name === to.balancer)
        ? { name, to: { role: to.balancer, index: 0 } }
        : { name, to },
    ),
  };
}

/** The same data, with what stands in for references that lead nowhere on this cloud */
function redirected(data: unknown, facts: ReadonlyMap<string, Reference | string>): unknown {
  if (typeof data !== 'object' || data === null) return data;
  if (Array.isArray(data)) return data.map((item) => redirected(item, facts));
  if ('ref' in data && typeof data.ref === 'string') return facts.get(data.ref) ?? data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, redirected(value, facts)]));
}
