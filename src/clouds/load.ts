import type { Blueprint } from '../model/blueprint.ts';
import type { Cloud, ClusterCloud, MachineCloud } from './cloud.ts';

/**
 * Loads the Pulumi program of a system's cloud, with the schedules that another cloud keeps for its machines. No other
 * cloud's SDK is loaded.
 */
export async function loadedFor(
  clouds: Readonly<Record<string, Cloud>>,
  name: string,
  blueprint: Blueprint,
): Promise<MachineCloud | ClusterCloud> {
  const cloud = clouds[name];
  if (!cloud) throw new Error(`system ${blueprint.system} is on cloud ${name}, which the config checks`);
  const own = await cloud.program();
  if (own.kind === 'cluster') return own;
  const keepers = await Promise.all(
    Object.values(clouds).flatMap(({ adoptedHours }) =>
      adoptedHours?.usedBy(blueprint) ? [adoptedHours.program()] : [],
    ),
  );
  if (keepers.length === 0) return own;
  return {
    ...own,
    provision(request) {
      for (const keepHours of keepers) keepHours(request);
      return own.provision(request);
    },
  };
}
