import type { Measure } from '../../tools/lib/figures.ts';
import { leftOutText, missing } from '../../tools/lib/kept.ts';
import { docker } from '../engine/local-docker.ts';
import { keptServices } from '../openstack/kept.ts';
import { remove, started } from '../openstack/services.ts';
import { figure, repeated, secondsOf } from './samples.ts';

/** How soon OpenStack's own services answer, from the image in which they are kept; nothing where none is */
export const measure: Measure = async ({ log }) => {
  const lacking = await missing([keptServices]);
  if (lacking.length > 0) {
    log(leftOutText('openstack', lacking));
    return [];
  }
  const name = `berth-openstack-bench-${process.pid}`;
  const starts = await repeated(3, async () => {
    try {
      return { seconds: await secondsOf(() => started(name)), processor: await processorSeconds(name) };
    } finally {
      await remove(name);
    }
  });
  return [
    figure(
      "OpenStack's services answer after",
      starts.map(({ seconds }) => seconds),
      's',
      40,
    ),
    figure(
      'processor time of that',
      starts.map(({ processor }) => processor),
      's',
    ),
  ];
};

/** What a container has used of processors since its start, by either version of cgroups */
async function processorSeconds(name: string): Promise<number> {
  const second = `awk '/^usage_usec/ { print $2 / 1e6 }' /sys/fs/cgroup/cpu.stat`;
  const first = `awk '{ print $1 / 1e9 }' /sys/fs/cgroup/cpuacct/cpuacct.usage`;
  return Number(await docker('exec', name, 'sh', '-c', `${second} 2>/dev/null || ${first}`));
}
