import { posix } from 'node:path';

export interface Places {
  /** Paths on the site by files of the checkout that are pages of it */
  pages: ReadonlyMap<string, string>;
  exists(file: string): boolean;
  /** Where people read the checkout's other files. Without it, a link to one becomes its text */
  source?: string | undefined;
}

/**
 * Turns links between files of the checkout into links between pages of the site
 * @param file that the text is of, from the checkout
 * @throws where a link leads to no file
 */
export const linked = (text: string, file: string, places: Places): string =>
  outsideCode(text, (part) =>
    part.replaceAll(/(!?)\[((?:[^[\]]|`[^`]*`)*)\]\(([^()\s]+)\)/g, (whole, mark, label, target) => {
      if (/^(?:[a-z]+:|#)/.test(target)) return whole;
      const [path = '', anchor = ''] = target.split('#');
      const aimed = posix.normalize(posix.join(posix.dirname(file), path)).replace(/\/$/, '');
      if (!places.exists(aimed)) throw new Error(`${file}: its link to ${target} leads to no file`);
      if (mark === '!') return `![${label}](/${aimed})`;
      const address = addressOf(aimed, anchor, places);
      return address === undefined ? label : `[${label}](${address})`;
    }),
  );

/** Where a file is read: on the site if it is a page of it */
function addressOf(file: string, anchor: string, { pages, source }: Places): string | undefined {
  const page = pages.get(file) ?? pages.get(posix.join(file, 'README.md'));
  if (page !== undefined) return `/${page}.md${anchor === '' ? '' : `#${anchor}`}`;
  return source === undefined ? undefined : `${source}/${file}`;
}

/** Pictures of a page, as files of the checkout */
export const pictures = (text: string, file: string): readonly string[] =>
  [...text.matchAll(/!\[[^\]]*\]\(([^()\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => posix.join(posix.dirname(file), target));

/** Changes a text where it is no block of code */
export const outsideCode = (text: string, change: (part: string) => string): string =>
  text
    .split(/^(```[\s\S]*?^```$)/m)
    .map((part) => (part.startsWith('```') ? part : change(part)))
    .join('');
