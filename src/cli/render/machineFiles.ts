import { clouds } from '../../clouds/registry.ts';
import type { Loaded } from '../../config/load.ts';
import { type OfflineMachine, offlineMachines } from '../../render/offline.ts';

/**
 * Returns every file of every machine: text by `<machine>/<path>`, sorted by path
 * @param system only the machines of this system
 * @throws when the environment has no such system
 */
export function machineFiles({ environment, blueprints }: Loaded, system?: string): Readonly<Record<string, string>> {
  const wanted = blueprints.filter((blueprint) => system === undefined || blueprint.system === system);
  if (wanted.length === 0) {
    const known = blueprints.map((blueprint) => blueprint.system).join(', ');
    throw new Error(`${environment.name} has no system "${system}": it has ${known}`);
  }
  const files = wanted
    .flatMap((blueprint) => offlineMachines(blueprint, environment, clouds))
    .flatMap((machine) =>
      Object.entries(filesOf(machine)).map(([path, content]): [string, string] => [`${machine.name}/${path}`, content]),
    );
  return Object.fromEntries(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function filesOf({ bundle, userData, adoption }: OfflineMachine): Readonly<Record<string, string>> {
  const look = Object.entries(adoption?.entries ?? {}).map(([path, content]) => [`adoption/${path}`, content]);
  return {
    ...bundle.entries,
    ...(userData !== undefined && { 'user-data.yaml': userData }),
    ...Object.fromEntries(look),
  };
}
