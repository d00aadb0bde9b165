import type { Blueprint } from './blueprint.ts';
import { machinesOf } from './machines.ts';
import { machineName } from './names.ts';

/**
 * Returns a text for each resource that is lost when a system is destroyed; adopted machines remain and are not listed
 */
export function losses(blueprint: Blueprint): readonly string[] {
  const machines = machinesOf(blueprint).filter(({ role }) => !role.hosts);
  return [
    ...machines.map(({ machine, role }) => {
      const kept = [
        ...(role.volume ? [`its data disk of ${role.volume.sizeGb} GB`] : []),
        ...(role.address.kind === 'reserved' ? ['its address'] : []),
      ];
      return `machine ${machineName(machine)}${kept.length > 0 ? ` with ${kept.join(' and ')}` : ''}`;
    }),
    ...blueprint.buckets.map(({ name }) => `bucket ${name} with every file in it`),
    ...blueprint.logStreams.map(({ name }) => `log stream ${name} with what was written`),
    ...blueprint.caches.map(({ name }) => `cache ${name}`),
  ];
}
