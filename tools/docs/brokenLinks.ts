import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

/**
 * Links of a built site, from one page to another or to a part of one, that lead nowhere
 * @param base under which the site is served
 * @returns each as `page: target`
 */
export function brokenLinks(folder: string, base: string): readonly string[] {
  const files = new Set(readdirSync(folder, { recursive: true, encoding: 'utf8' }));
  const pages = [...files].filter((file) => file.endsWith('.html'));
  const texts = new Map(pages.map((file) => [file, readFileSync(posix.join(folder, file), 'utf8')]));
  const anchors = new Map([...texts].map(([file, text]) => [file, anchorsOf(text)]));
  const leads = (page: string, target: string): boolean => {
    const [path = '', anchor] = target.split('#').map(decodeURIComponent);
    const from = path.startsWith(base) ? path.slice(base.length) : posix.join(posix.dirname(page), path);
    if (path.startsWith('/') && !path.startsWith(base)) return false;
    const candidates = path === '' ? [page] : [from, `${from}.html`, posix.join(from, 'index.html')];
    const file = candidates.find((candidate) => files.has(candidate) && /\.\w+$/.test(candidate));
    return file !== undefined && (anchor === undefined || anchor === '' || (anchors.get(file)?.has(anchor) ?? false));
  };
  return [...texts].flatMap(([page, text]) =>
    targetsOf(text)
      .filter((target) => !leads(page, target))
      .map((target) => `${page}: ${target}`),
  );
}

const anchorsOf = (text: string): ReadonlySet<string> =>
  new Set([...text.matchAll(/\sid="([^"]+)"/g)].map(([, id = '']) => unescaped(id)));

/** Of a page's links and pictures, those within the site */
const targetsOf = (text: string): readonly string[] => {
  const all = [...text.matchAll(/<(?:a|img|link|script)\b[^>]*?\s(?:href|src)="([^"]*)"/g)];
  const targets = all.map(([, target = '']) => unescaped(target)).filter((target) => !/^(?:[a-z]+:|\/\/)/.test(target));
  return [...new Set(targets)];
};

const unescaped = (text: string): string => text.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
