import type { Loaded } from '../config/load.ts';
import { unpinnedImages } from '../model/images.ts';
import type { Finding } from './policy.ts';

/** Returns a finding for each image that runs by its tag in an environment that pins images (`berth:images`) */
export const unpinned = ({ environment, systems }: Loaded): readonly Finding[] => {
  const images = systems.flatMap(({ blueprint, cloud }) => unpinnedImages(blueprint, cloud, environment));
  return [...new Set(images)].map((resource) => ({
    ids: ['CKV_K8S_43'],
    what: 'an image runs by its digest, which berth pin writes',
    resource,
  }));
};
