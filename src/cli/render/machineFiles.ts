import { clouds } from '../../clouds/registry.ts';
import type { Loaded } from '../../config/load.ts';
import type { Blueprint } from '../../model/blueprint.ts';
import { namespaceOf } from '../../render/cluster/input.ts';
import { offlineItems } from '../../render/cluster/offline.ts';
import { manifestText } from '../../render/cluster/text.ts';
import { type OfflineMachine, offlineMachines } from '../../render/offline.ts';
import { unknownName } from '../unknownName.ts';

type Files = Readonly<Record<string, string>>;

/**
 * Returns every file of every machine: text by `<machine>/<path>`, sorted by path; of a system in a cluster, its objects
 * by `<namespace>/<kind>-<name>.yaml`
 * @param system only what belongs to this system
 * @throws when the environment has no such system
 */
export function machineFiles(loaded: Loaded, system?: string): Files {
  const { environment, blueprints } = loaded;
  const wanted = blueprints.filter((blueprint) => system === undefined || blueprint.system === system);
  const known = blueprints.map((blueprint) => blueprint.system);
  if (wanted.length === 0) throw unknownName(environment.name, 'system', `${system}`, known);
  const files = wanted.flatMap((blueprint) => Object.entries(filesOf(blueprint, loaded)));
  return Object.fromEntries(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function filesOf(blueprint: Blueprint, { environment }: Loaded): Files {
  const face = clouds[environment.systems[blueprint.system]?.cloud ?? ''];
  if (face?.capabilities.cluster) {
    const folder = namespaceOf(blueprint.system, environment.name);
    return Object.fromEntries(
      offlineItems(blueprint, environment, face).map(({ key, manifest }) => [
        `${folder}/${manifest.kind.toLowerCase()}-${key}.yaml`,
        manifestText(manifest),
      ]),
    );
  }
  return Object.fromEntries(
    offlineMachines(blueprint, environment, clouds).flatMap((machine) =>
      Object.entries(ofMachine(machine)).map(([path, content]) => [`${machine.name}/${path}`, content]),
    ),
  );
}

function ofMachine({ bundle, userData, adoption }: OfflineMachine): Files {
  const look = Object.entries(adoption?.entries ?? {}).map(([path, content]) => [`adoption/${path}`, content]);
  return {
    ...bundle.entries,
    ...(userData !== undefined && { 'user-data.yaml': userData }),
    ...Object.fromEntries(look),
  };
}
