import { isDeepStrictEqual } from 'node:util';
import type { Blueprint } from '../../model/blueprint.ts';
import type { Environment } from '../../model/environment.ts';
import { machineName } from '../../model/names.ts';
import { broughtBack, type Pins } from '../../model/pins.ts';
import type { FormerSystem } from '../outputs.ts';

/** The pins and digests of images that restore the former release if this one fails, or the reason why nothing is restored */
export type PutBack =
  | { kind: 'restore'; systems: Readonly<Record<string, Pins>>; images?: Readonly<Record<string, string>> }
  /** Nothing was deployed before */
  | { kind: 'first' }
  /** Versions and digests are unchanged, so the fault is elsewhere */
  | { kind: 'same' }
  /** The former version may not support the migrated data; runbook pages by system */
  | { kind: 'migrated'; runbooks: Readonly<Record<string, string>> };

type Former = Readonly<Record<string, FormerSystem>>;

/** Declared systems by name */
export type DeclaredSystems = Readonly<Record<string, Blueprint>>;

type Digests = Environment['images'];

/** Returns the systems that were deployed before with other versions, or other digests of an image, than now declared */
export const changedSystems = (former: Former, declared: DeclaredSystems, digests: Digests = {}): readonly string[] =>
  Object.keys(declared).filter((name) => {
    const { pins, images = {} } = former[name] ?? {};
    const moved = Object.entries(images).some(([reference, digest]) => (digests[reference] ?? digest) !== digest);
    return pins !== undefined && (moved || !isDeepStrictEqual(pins, declared[name]?.pins));
  });

/**
 * Returns how to put back a failed deployment
 * @param declared the systems that are deployed now
 * @param digests of the environment that is deployed now
 */
export function putBack(former: Former, declared: DeclaredSystems, digests: Digests = {}): PutBack {
  if (!Object.keys(declared).some((name) => former[name]?.pins !== undefined)) return { kind: 'first' };
  const changed = changedSystems(former, declared, digests);
  if (changed.length === 0) return { kind: 'same' };
  const runbooks = changed.flatMap((name) => {
    const { runbook } = declared[name]?.migrates ?? {};
    return runbook === undefined ? [] : [[name, runbook]];
  });
  if (runbooks.length > 0) return { kind: 'migrated', runbooks: Object.fromEntries(runbooks) };
  const pins = changed.map((name) => [name, broughtBack(former[name]?.pins ?? {}, declared[name]?.pins ?? {})]);
  const images: Readonly<Record<string, string>> = Object.assign({}, ...changed.map((name) => former[name]?.images));
  const pinned = Object.keys(images).length > 0 && { images };
  return { kind: 'restore', systems: Object.fromEntries(pins), ...pinned };
}

/**
 * Returns the declared parts of a system that do not exist yet. They prevent deploying another system alone: the engine
 * would have no outputs for them.
 */
export function missingParts(former: FormerSystem, cloud: string, { system, ...blueprint }: Blueprint): string[] {
  if (former.cloud !== cloud) return [`everything on ${cloud}, because it is now on ${former.cloud}`];
  const machines = Object.entries(blueprint.roles).flatMap(([role, { count }]) =>
    Array.from({ length: count }, (_, index) => machineName({ system, role, index })),
  );
  const absent = (names: readonly string[], present: object) => names.filter((name) => !(name in present));
  const named = (parts: readonly { name: string }[]) => parts.map(({ name }) => name);
  return [
    ...absent(machines, former.machines).map((name) => `machine ${name}`),
    ...absent(named(blueprint.buckets), former.buckets).map((name) => `bucket ${name}`),
    ...absent(named(blueprint.logStreams), former.logs).map((name) => `log stream ${name}`),
  ];
}
