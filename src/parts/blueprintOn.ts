import type { Blueprint } from '../model/blueprint.ts';
import type { CloudFace } from '../model/cloud.ts';
import type { Environment, SystemEntry } from '../model/environment.ts';
import { inCluster } from '../model/inCluster.ts';
import { onMachines } from '../model/inPlace.ts';
import { withoutImages } from '../model/leftOut.ts';
import { planned } from '../model/rolePlans.ts';
import type { System } from '../model/system.ts';
import { monitored } from './monitoring.ts';

/**
 * Returns a system's blueprint on its cloud: with the machine that watches the others, where its entry asks for one, and
 * with machines for the managed services that the cloud lacks; in a cluster, with the ports of pods
 */
export function blueprintOn(
  system: System<unknown>,
  entry: SystemEntry,
  environment: Environment,
  cloud: CloudFace,
): Blueprint {
  const own = system.blueprint(entry.options, environment);
  const declared = entry.monitoring ? monitored(own, entry.monitoring, environment.name, cloud.capabilities) : own;
  const all = onMachines(declared, cloud.capabilities);
  const placed = planned(system, cloud.capabilities.cluster ? inCluster(all) : all, entry.options);
  return withoutImages(placed, cloud.standIns?.(environment).without ?? {});
}
