import { isDeepStrictEqual } from 'node:util';
import type { Blueprint } from '../model/blueprint.ts';
import type { Problem } from '../model/problem.ts';
import { isProcess, type Service } from '../model/service.ts';
import { type Path, pathText } from './path.ts';

/**
 * Variables that the file tells an application and that its system sets itself.
 * @param options the system's, in which they stand
 */
export function ownVariableProblems({ system, roles }: Blueprint, options: unknown): readonly Problem[] {
  const refused = Object.values(roles).flatMap(({ services }) =>
    services.flatMap((service) => {
      const own = variablesSet(service, services);
      const files = isProcess(service) ? service.secretFiles : undefined;
      return [service.settings, files].flatMap((given = {}) => {
        const taken = Object.keys(given).filter((name) => own.has(name));
        return taken.length > 0 ? placesOf(given, options).map((path) => ({ path, taken })) : [];
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

/** By the system: for a process also what the others of its source are told, and what is compiled into all of them */
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

/** Where in the options this block stands */
function placesOf(block: object, options: unknown, path: Path = []): readonly Path[] {
  if (typeof options !== 'object' || options === null) return [];
  if (isDeepStrictEqual(block, options)) return [path];
  return Object.entries(options).flatMap(([key, value]) => placesOf(block, value, [...path, key]));
}
