import type { Clouds } from '../model/cloud.ts';
import type { CloudSettings, Environment, Prepared, SystemEntry } from '../model/environment.ts';
import { placementOn } from './cloudSchemas.ts';
import { defaultNetwork } from './privateRange.ts';
import type { EnvironmentSchema } from './schema.ts';
import { systemNames, valueAt } from './walk.ts';

/** The systems whose entries are right, whatever is wrong beside them */
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
      ...options
    } = placement.parse(parsed.data);
    const optional = {
      ...(region !== undefined && { region }),
      ...(trustNetwork && { trustNetwork }),
      ...(registries && { registries }),
    };
    return [[name, { cloud, ...optional, restartEdge, allowDestroy, options }]];
  });
  return Object.fromEntries(entries);
}

/** What stands in for a part that is wrong never leaves the loading of its file: its problem is thrown */
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
  const proxy = schema.shape['berth:proxy'].safeParse(config['berth:proxy']).data;
  // Each cloud's block is of its own schema, and each cloud types it
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
    ...(proxy && { proxy }),
    ...(prepared && { prepared }),
  };
}

/** What the clouds' set-ups have written; nothing where none has */
function preparedIn(config: Readonly<Record<string, unknown>>, clouds: Clouds): Prepared | undefined {
  const found = Object.values(clouds).flatMap(({ name, prepared }) => {
    const { data } = prepared?.schema.safeParse(config[`berth:${name}`]) ?? {};
    return data === undefined ? [] : [[name, data] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}
