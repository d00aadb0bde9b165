import type { Clouds } from '../model/cloud.ts';
import type { CloudSettings, Environment, Prepared, SystemEntry } from '../model/environment.ts';
import { placementOn } from './cloudSchemas.ts';
import { monitoringAsked } from './monitoringFields.ts';
import { defaultNetwork } from './privateRange.ts';
import type { EnvironmentSchema } from './schema.ts';
import { systemNames, valueAt } from './walk.ts';

/** Returns the valid entries of systems, even if the file has other problems */
export function checkedEntries(
  schema: EnvironmentSchema,
  config: unknown,
  clouds: Clouds,
): Readonly<Record<string, SystemEntry>> {
  const placement = placementOn(clouds);
  const entries = systemNames(config).flatMap((name): readonly [string, SystemEntry][] => {
    const parsed = schema.shape['berth:systems'].shape[name]?.safeParse(valueAt(config, ['berth:systems', name]));
    if (!parsed?.success) return [];
    const {
      cloud,
      region,
      restartEdge = false,
      allowDestroy = false,
      trustNetwork,
      registries,
      monitoring,
      alerts,
      ...options
    } = placement.parse(parsed.data);
    const optional = {
      ...(region !== undefined && { region }),
      ...(trustNetwork && { trustNetwork }),
      ...(registries && { registries }),
      ...(monitoring && { monitoring: { ...monitoringAsked(monitoring), ...(alerts && { alerts }) } }),
    };
    return [[name, { cloud, ...optional, restartEdge, allowDestroy, options }]];
  });
  return Object.fromEntries(entries);
}

/**
 * Returns the environment with defaults in place of invalid parts. It is used only for further checks: loading the file
 * fails with the problems of those parts.
 */
export function environmentOf(
  schema: EnvironmentSchema,
  config: Readonly<Record<string, unknown>>,
  systems: Environment['systems'],
  clouds: Clouds,
): Environment {
  const name = schema.shape['berth:environment'].safeParse(config['berth:environment']).data ?? '';
  const operators = schema.shape['berth:operators'].safeParse(config['berth:operators']).data;
  const network = schema.shape['berth:network'].safeParse(config['berth:network']).data ?? defaultNetwork;
  const authority = schema.shape['berth:authority'].safeParse(config['berth:authority']).data ?? 'letsencrypt';
  const registries = schema.shape['berth:registries'].safeParse(config['berth:registries']).data;
  const images = schema.shape['berth:images'].safeParse(config['berth:images']).data;
  const signers = schema.shape['berth:signers'].safeParse(config['berth:signers']).data;
  const proxy = schema.shape['berth:proxy'].safeParse(config['berth:proxy']).data;
  // Each cloud's block has its own schema and declares its own type
  const settings = (schema.shape['berth:clouds'].safeParse(config['berth:clouds']).data ?? {}) as CloudSettings;
  const prepared = preparedIn(config, clouds);
  return {
    name,
    operators: operators ?? { networks: [], sshPublicKeys: [] },
    systems,
    network,
    authority,
    clouds: settings,
    ...(registries && { registries }),
    ...(images && { images }),
    ...(signers && { signers }),
    ...(proxy && { proxy }),
    ...(prepared && { prepared }),
  };
}

/** Returns the blocks that the clouds' set-ups have written; `undefined` if there are none */
function preparedIn(config: Readonly<Record<string, unknown>>, clouds: Clouds): Prepared | undefined {
  const found = Object.values(clouds).flatMap(({ name, prepared }) => {
    const { data } = prepared?.schema.safeParse(config[`berth:${name}`]) ?? {};
    return data === undefined ? [] : [[name, data] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}
