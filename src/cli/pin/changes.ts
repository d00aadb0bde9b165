/** What pinning changes in `berth:images` */
export interface PinChanges {
  /** Images that had no digest */
  added: readonly string[];
  /** Images whose tag leads to another digest than the written one */
  moved: readonly { image: string; former: string; now: string }[];
  /** Entries of images that no system runs */
  unused: readonly string[];
  /** The entries as they should be, sorted by image */
  images: Readonly<Record<string, string>>;
}

/**
 * Compares the written digests with those that the registries have now
 * @param written present entries
 * @param now digests of the images that were asked for
 * @param used every image that a system of the file runs by a tag
 */
export function pinChanges(
  written: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
  used: ReadonlySet<string>,
): PinChanges {
  const kept = Object.entries({ ...written, ...now }).filter(([image]) => used.has(image));
  return {
    added: Object.keys(now).filter((image) => written[image] === undefined),
    moved: Object.entries(now).flatMap(([image, digest]) => {
      const former = written[image];
      return former === undefined || former === digest ? [] : [{ image, former, now: digest }];
    }),
    unused: Object.keys(written).filter((image) => !used.has(image)),
    images: Object.fromEntries(kept.sort(([one], [other]) => (one < other ? -1 : 1))),
  };
}

export const changesAny = ({ added, moved, unused }: PinChanges): boolean =>
  added.length + moved.length + unused.length > 0;

/** Returns a line for each change */
export const changeLines = ({ added, moved, unused, images }: PinChanges): readonly string[] => [
  ...added.map((image) => `${image} has no digest yet: ${images[image]}`),
  ...moved.map(
    ({ image, former, now }) => `${image} HAS MOVED: its tag was ${former} and is now ${now}; ask who publishes it why`,
  ),
  ...unused.map((image) => `${image} is not used any more`),
];
