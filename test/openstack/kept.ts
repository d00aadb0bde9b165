import { builtImages } from '../../src/clouds/local/images/build.ts';
import { imageTag } from '../../src/clouds/local/images/keys.ts';
import { maker } from '../../src/clouds/local/images/maker.ts';
import type { Kept } from '../../tools/lib/kept.ts';
import { makePlugin, pluginPath } from './plugin.ts';
import { services } from './services.ts';

/** OpenStack's own services, filled */
export const keptServices: Kept = {
  name: 'openstack services image',
  isThere: async () => (await imagesHere()).has(imageTag(services)),
  make: async (log) => maker(await builtImages()).image(services, log),
};

/** What the tests on OpenStack's own services need */
export const kept: readonly Kept[] = [
  {
    name: 'openstack plugin',
    isThere: async () => pluginPath() !== undefined,
    make: makePlugin,
  },
  keptServices,
];

const imagesHere = () => builtImages().catch(() => new Map<string, string>());
