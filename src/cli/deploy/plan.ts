import { isDeepStrictEqual } from 'node:util';
import type { Blueprint } from '../../model/blueprint.ts';
import { machineName } from '../../model/names.ts';
import { broughtBack, type Pins } from '../../model/pins.ts';
import type { FormerSystem } from '../outputs.ts';

/** What brings the former release back should this one fail, or why nothing does */
export type PutBack =
  | { kind: 'restore'; systems: Readonly<Record<string, Pins>> }
  /** Nothing of it was deployed before */
  | { kind: 'first' }
  /** The versions are those of before: something else is wrong */
  | { kind: 'same' }
  /** A former version may not know the data any more: the pages for a person, by system */
  | { kind: 'migrated'; runbooks: Readonly<Record<string, string>> };

type Former = Readonly<Record<string, FormerSystem>>;

/** The systems as the stack's file declares them, by name */
export type Declared = Readonly<Record<string, Blueprint>>;

/** The systems that were deployed before, at other versions than they are declared at now */
export const changedSystems = (former: Former, declared: Declared): readonly string[] =>
  Object.keys(declared).filter(
    (name) => former[name]?.pins !== undefined && !isDeepStrictEqual(former[name].pins, declared[name]?.pins),
  );

/** @param declared the systems that are deployed now */
export function putBack(former: Former, declared: Declared): PutBack {
  if (!Object.keys(declared).some((name) => former[name]?.pins !== undefined)) return { kind: 'first' };
  const changed = changedSystems(former, declared);
  if (changed.length === 0) return { kind: 'same' };
  const runbooks = changed.flatMap((name) => {
    const { runbook } = declared[name]?.migrates ?? {};
    return runbook === undefined ? [] : [[name, runbook]];
  });
  if (runbooks.length > 0) return { kind: 'migrated', runbooks: Object.fromEntries(runbooks) };
  const pins = changed.map((name) => [name, broughtBack(former[name]?.pins ?? {}, declared[name]?.pins ?? {})]);
  return { kind: 'restore', systems: Object.fromEntries(pins) };
}

/**
 * What a system declares that isn't there yet, and that the engine therefore can't leave out while it deploys another
 * one alone: its outputs would be asked of nothing.
 */
export function missingParts(former: FormerSystem, cloud: string, { system, ...blueprint }: Blueprint): string[] {
  if (former.cloud !== cloud) return [`everything on ${cloud}, as it is on ${former.cloud}`];
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
