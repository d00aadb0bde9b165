import { planCluster } from '../../src/clouds/local/cluster/images.ts';
import { kubernetesPlugin, makeKubernetesPlugin } from '../../src/clouds/local/cluster/plugin.ts';
import type { Kept } from '../../tools/lib/kept.ts';

/** What the tests on a real cluster need */
export const kept: readonly Kept[] = [
  { name: 'kubernetes plugin', isThere: async () => kubernetesPlugin() !== undefined, make: makeKubernetesPlugin },
  {
    name: 'cluster images',
    isThere: () =>
      planCluster().then(
        ({ stages }) => stages.length === 0,
        () => false,
      ),
    async make(log) {
      const { stages } = await planCluster();
      await Promise.all(stages.map(({ run }) => run(log)));
    },
  },
];
