import { builtImages } from '../../src/clouds/local/images/build.ts';
import { imageTag } from '../../src/clouds/local/images/keys.ts';
import { maker } from '../../src/clouds/local/images/maker.ts';
import type { Kept } from '../../tools/lib/kept.ts';
import { makePlugin, pluginPath } from './plugin.ts';
import { services } from './services.ts';

/** What the tests on OpenStack's own services need */
export const kept: readonly Kept[] = [
  {
    name: 'openstack plugin',
    isThere: async () => pluginPath() !== undefined,
    make: makePlugin,
  },
  {
    name: 'openstack services image',
    isThere: async () => (await imagesHere()).has(imageTag(services)),
    make: async (log) => maker(await builtImages()).image(services, log),
  },
];

const imagesHere = () => builtImages().catch(() => new Map<string, string>());
