import { expect, test } from 'vitest';
import { clouds } from '../../../src/clouds/registry.ts';
import type { Blueprint } from '../../../src/model/blueprint.ts';
import type { CloudFace } from '../../../src/model/cloud.ts';
import type { Environment } from '../../../src/model/environment.ts';
import { pinned, pulledImages, unpinnedImages } from '../../../src/model/images.ts';
import { signerOf } from '../../../src/model/signers.ts';
import { offlineItems } from '../../../src/render/cluster/offline.ts';
import { offlineMachines } from '../../../src/render/offline.ts';
import { read, stackOf } from '../../stack/samples.ts';

const digest = `sha256:${'1'.repeat(64)}`;

interface Declared {
  environment: Environment;
  blueprint: Blueprint;
  face: CloudFace;
}

/** Every image that is written for a system: those of compose files and of the release, or those of pods */
function writtenImages({ environment, blueprint, face }: Declared): readonly string[] {
  const texts = [
    ...(face.capabilities.cluster ? [] : offlineMachines(blueprint, environment, clouds)).flatMap(({ bundle }) =>
      Object.entries(bundle.entries).map(([name, text]) =>
        name === 'release.json'
          ? (JSON.parse(text).images as string[]).map((image) => `image: ${image}`).join('\n')
          : text,
      ),
    ),
    ...offlineItems(blueprint, environment, face).map(({ manifest }) =>
      JSON.stringify(manifest).replace(/"image":"([^"]+)"/g, '\nimage: $1\n'),
    ),
  ];
  return texts.flatMap((text) =>
    [...text.matchAll(/^\s*(?:- )?image: "?([^\s"]+)"?$/gm)].map(([, image = '']) => image),
  );
}

const cases = (['basegun', 'lostops', 'mad', 'catalogage'] as const).flatMap((system) =>
  (['openstack', 'existing', 'kubernetes'] as const)
    .filter((cloud) => !(system === 'catalogage' && cloud === 'kubernetes'))
    .map((cloud) => ({ system, cloud })),
);

test.each(cases)(
  'every image of $system on $cloud runs by the digest that the environment has for it',
  ({ system, cloud }) => {
    const { environment, blueprints } = read(stackOf(system, cloud), 'prod');
    const [blueprint] = blueprints;
    const face = clouds[cloud];
    if (!blueprint || !face) throw new Error('there is no system');
    const images = pulledImages(blueprint, face, environment);
    expect([...new Set(writtenImages({ environment, blueprint, face }))].sort()).toEqual([...images].sort());
    const pinning = { ...environment, images: Object.fromEntries(images.map((image) => [image, digest])) };
    for (const image of writtenImages({ environment: pinning, blueprint, face })) expect(image).toMatch(`@${digest}`);
    expect(unpinnedImages(blueprint, face, pinning)).toEqual([]);
    expect(unpinnedImages(blueprint, face, { ...environment, images: {} })).toEqual(images);
    expect(unpinnedImages(blueprint, face, environment)).toEqual([]);
  },
);

test('a reference that has a digest keeps it', () => {
  const own = `ghcr.io/owner/name@${digest}`;
  expect(pinned(own, { images: { [own]: 'sha256:2' } })).toBe(own);
  expect(pinned('redis:7.4.6', { images: { 'redis:7.4.6': digest } })).toBe(`redis:7.4.6@${digest}`);
  expect(pinned('redis:7.4.6', {})).toBe('redis:7.4.6');
});

test.each([
  ['ghcr.io/owner/name:1.0.0', 'its own'],
  [`ghcr.io/owner/name:1.0.0@${digest}`, 'its own'],
  ['ghcr.io/owner/other:1.0.0', "the folder's"],
  ['ghcr.io/owner/deep/other:1.0.0', "the deeper folder's"],
  ['ghcr.io/owners/name:1.0.0', undefined],
  ['ghcr.io/owner/name-more:1.0.0', "the folder's"],
])('%s is signed by %s key', (image, key) => {
  const signers = {
    ...{ 'ghcr.io/owner/': "the folder's", 'ghcr.io/owner/deep/': "the deeper folder's" },
    'ghcr.io/owner/name': 'its own',
  };
  expect(signerOf(image, { signers })).toBe(key);
});
