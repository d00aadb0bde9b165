import type { Environment } from '../model/environment.ts';
import { monitoringSecrets } from '../model/monitoring.ts';
import { loginsOf } from '../model/registries.ts';
import { needsOf } from '../model/value.ts';
import type { LoadedSystem } from './load.ts';
import type { Systems } from './schema.ts';
import { deployKey, deployKeyMeaning, type NeededSecrets } from './secrets.ts';
import { systemNames, valueAt } from './walk.ts';

/**
 * Returns the secrets that a deployment reads: those of systems, their clouds, registries, and those that the file
 * names for applications
 */
export function neededSecrets(
  systems: Systems,
  config: unknown,
  environment: Environment,
  loaded: readonly LoadedSystem[],
): NeededSecrets {
  const named = loaded.flatMap(({ blueprint, entry, cloud }) => {
    const { system: name } = blueprint;
    const ofCloud = cloud.secrets?.(blueprint, environment);
    // Secrets that the file names for the application
    const further = needsOf([entry.options, entry.monitoring]).secrets.map(
      (secret) => [secret, `used by a setting of ${name} as { secret: ${secret} }`] as const,
    );
    const needed = {
      ...Object.fromEntries(further),
      ...ofCloud,
      ...(entry.monitoring && monitoringSecrets),
      ...systems[name]?.secrets(entry.options),
    };
    const passwords = loginsOf(environment, name).map(
      ({ registry, user, secret }) => [secret, `the password, or a token, of ${user} at ${registry}`] as const,
    );
    const shared = Object.entries(cloud.ownSecrets?.(environment) ?? {});
    return [
      ...Object.entries(needed).map(([secret, what]) => [`${name}/${secret}`, what] as const),
      ...shared.map(([secret, what]) => [`${cloud.name}/${secret}`, what] as const),
      ...passwords,
    ];
  });
  const invalid = systemNames(config).filter((name) => environment.systems[name] === undefined);
  // They share secrets with the others of their clouds and registries
  const shared = invalid.flatMap((name) => ['registries', String(valueAt(config, ['berth:systems', name, 'cloud']))]);
  return { needed: new Map([[deployKey, deployKeyMeaning], ...named]), unclear: [...invalid, ...shared] };
}
