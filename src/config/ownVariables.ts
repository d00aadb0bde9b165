import { isDeepStrictEqual } from 'node:util';
import type { Blueprint } from '../model/blueprint.ts';
import type { Problem } from '../model/problem.ts';
import { isProcess, type Service } from '../model/service.ts';
import { type Path, pathText } from './path.ts';

/**
 * Returns variables in the file's settings of an application that its system sets itself
 * @param options the system's options, which contain the settings
 */
export function ownVariableProblems({ system, roles }: Blueprint, options: unknown): readonly Problem[] {
  const refused = Object.values(roles).flatMap(({ services }) =>
    services.flatMap((service) => {
      const own = variablesSet(service, services);
      const files = isProcess(service) ? service.secretFiles : undefined;
      return [service.settings, files].flatMap((given = {}) => {
        const taken = Object.keys(given).filter((name) => own.has(name));
        return taken.length > 0 ? placesOf(given, taken, options).map((path) => ({ path, taken })) : [];
      });
    }),
  );
  const messages = new Map(
    refused.map(({ path, taken }) => [
      pathText(['berth:systems', system, ...path]),
      `sets ${taken.join(', ')}, which the system sets itself`,
    ]),
  );
  return [...messages].map(([path, message]) => ({
    path,
    message,
    allowed: 'environment variables by name, such as { LOG_LEVEL: info }',
  }));
}

/**
 * Returns the variables that the system sets for a service; for a process, this includes those of the other processes
 * of its source and the build's variables, which all of them share
 */
function variablesSet(service: Service, services: readonly Service[]): ReadonlySet<string> {
  if (!isProcess(service)) return new Set(Object.keys(service.env));
  const together = services.filter(isProcess).filter(({ source }) => isDeepStrictEqual(source, service.source));
  return new Set(
    together.flatMap(({ env, portVariable, source }) => [
      ...Object.keys(env),
      portVariable,
      ...Object.keys(source.env),
    ]),
  );
}

/** Returns the paths of the blocks in the options that give these variables, to which a system may add its own */
function placesOf(given: Variables, taken: readonly string[], options: unknown, path: Path = []): readonly Path[] {
  if (typeof options !== 'object' || options === null) return [];
  const block = options as Variables;
  if (taken.every((name) => name in block && isDeepStrictEqual(block[name], given[name]))) return [path];
  return Object.entries(options).flatMap(([key, value]) => placesOf(given, taken, value, [...path, key]));
}

type Variables = Readonly<Record<string, unknown>>;
