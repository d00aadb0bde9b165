import { isDeepStrictEqual } from 'node:util';
import type { Source } from './compose/service.ts';
import { readable } from './compose/variables.ts';
import type { Draft, DraftImage } from './draft.ts';
import type { Finding } from './finding.ts';
import { imageName } from './knownImages.ts';

/** Version of an image that is built on this computer */
const builtVersion = '1.0.0';

export interface Images {
  /** Version of the main image */
  version: string;
  of(source: Source): DraftImage;
  builds: Draft['builds'];
  findings: readonly Finding[];
}

/**
 * Finds the images of services. One with the main image's name and version, or built here, is released with it; others
 * keep their version.
 * @param pins tags by service, in the place of those that move
 */
export function imagesOf(
  system: string,
  main: Source,
  others: readonly Source[],
  pins: Readonly<Record<string, string>>,
): Images {
  const all = [main, ...others].map((source, _, every) => builtOnce(source, every));
  const first = named(system, main, pins);
  const images = new Map(
    all.map((source): [string, DraftImage] => {
      const one = named(system, source, pins);
      const sameRelease =
        one.pinned !== undefined && one.pinned.version === first.pinned?.version && one.name === first.name;
      if (source.build || source.name === main.name || sameRelease)
        if (one.pinned && !one.digest) return [source.name, { prefix: `${one.name}:${one.pinned.prefix}` }];
      return [source.name, { text: textOf(one) }];
    }),
  );
  return {
    version: first.pinned?.version ?? builtVersion,
    of: ({ name }) => images.get(name) ?? { text: '' },
    builds: [...new Map(all.flatMap((source) => buildOf(system, source, pins))).values()],
    findings: all.flatMap((source) => movingTag(system, source, pins)),
  };
}

function named(system: string, source: Source, pins: Readonly<Record<string, string>>) {
  const pin = pins[source.name];
  if (source.build) {
    const given = source.image === undefined ? undefined : imageName(source.image);
    const pinned = pin === undefined ? given?.pinned : imageName(`x:${pin}`).pinned;
    const name = given?.name ?? `${system}.test/${builtAs(source)}`;
    return { name, pinned: pinned ?? { prefix: '', version: builtVersion } };
  }
  const image = source.image ?? '';
  if (pin === undefined) return imageName(image);
  const { name } = imageName(image);
  return imageName(pin.startsWith('sha256:') ? `${name}@${pin}` : `${name}:${pin}`);
}

/** Services of one folder and Dockerfile have one image, by the name of the first */
function builtOnce(source: Source, all: readonly Source[]): Source {
  if (!source.build || source.image !== undefined) return source;
  const same = all.find(({ build, image }) => image === undefined && isDeepStrictEqual(build, source.build));
  return { ...source, build: { ...source.build, as: same?.name ?? source.name } };
}

const builtAs = ({ name, build }: Source): string => build?.as ?? name;

function buildOf(system: string, source: Source, pins: Readonly<Record<string, string>>) {
  if (!source.build) return [];
  const { as: _, ...build } = source.build;
  const image = textOf(named(system, source, pins));
  return [[image, { image, ...build }] as const];
}

const textOf = ({ name, pinned, digest }: ReturnType<typeof imageName>): string =>
  digest === undefined ? `${name}:${pinned?.prefix ?? ''}${pinned?.version ?? ''}` : `${name}@${digest}`;

/** An image that can change without a deployment is refused, as in an environment's file */
function movingTag(system: string, source: Source, pins: Readonly<Record<string, string>>): readonly Finding[] {
  const { pinned, digest } = named(system, source, pins);
  if (pinned !== undefined || digest !== undefined) return [];
  const at = source.at('image');
  const where = { ...(at && { at }) };
  if (source.image === undefined)
    return [{ kind: 'refused', ...where, what: `${source.name} has no image`, way: 'write image: or build:' }];
  return [
    {
      ...{ kind: 'refused', ...where },
      what: `${source.name}'s image ${readable(source.image)} moves: the same name can be another image tomorrow`,
      way: `name one release in full, such as --pin ${source.name}=1.2.3, or by its digest, --pin ${source.name}=sha256:…`,
    },
  ];
}
