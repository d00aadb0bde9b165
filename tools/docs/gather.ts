import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawn } from './flowchart.ts';
import { linked, pictures } from './links.ts';
import { written } from './pages.ts';
import type { Generated } from './reference.ts';

export interface Site {
  /** Texts by their paths on the site, with their ending */
  pages: ReadonlyMap<string, string>;
  /** Files of the checkout that pages show */
  pictures: readonly string[];
  navigation: Navigation;
}

interface Navigation {
  nav: readonly { text: string; link: string }[];
  sidebar: readonly Items[];
  source?: string | undefined;
}

interface Items {
  text: string;
  collapsed?: boolean;
  items: readonly (Items | { text: string; link: string })[];
}

/**
 * Everything that the site is built from
 * @param source address of the checkout's files for people, `https://…/blob/main`, where there is one
 */
export async function gather(checkout: string, generated: readonly Generated[], source?: string): Promise<Site> {
  const groups = written(checkout);
  const files = groups.flatMap((group) => group.pages);
  const places = {
    pages: new Map(files.map(({ file, path }) => [file, path])),
    exists: (file: string) => existsSync(join(checkout, file)),
    source,
  };
  const pages = new Map<string, string>(generated.map(({ path, text }) => [`${path}.md`, text]));
  const shown: string[] = [];
  for (const { file, path } of files) {
    const text = readFileSync(join(checkout, file), 'utf8');
    shown.push(...pictures(text, file));
    // Blocks that a test runs are marked as such
    const unmarked = text.replaceAll(/^```(\w+) run$/gm, '```$1');
    pages.set(`${path}.md`, await withDrawings(linked(unmarked, file, places)));
  }
  return { pages, pictures: shown, navigation: { ...navigation(groups, generated), source } };
}

function navigation(groups: ReturnType<typeof written>, generated: readonly Generated[]): Navigation {
  const link = (path: string) => `/${path.replace(/(^|\/)index$/, '$1')}`;
  const below = (folder: string) =>
    generated
      .filter(({ path }) => path.startsWith(`reference/${folder}`))
      .map(({ path, label }) => ({ text: label, link: link(path) }));
  const reference = [
    ...below('environment'),
    { text: 'Keys of clouds', collapsed: true, items: below('clouds/') },
    { text: 'Keys of systems', collapsed: true, items: below('systems/') },
    { text: 'Commands', collapsed: true, items: below('commands/') },
    ...below('costs'),
  ];
  const sidebar = groups.map(({ label, pages }) => ({
    text: label,
    items: [
      ...(label === 'Reference' ? reference : []),
      ...pages.map((page) => ({ text: page.label, link: link(page.path) })),
    ],
  }));
  const nav = [
    { text: 'Begin', link: '/start' },
    { text: 'Deploy', link: '/deploying' },
    { text: 'Keys', link: '/reference/environment' },
    { text: 'Commands', link: '/reference/commands/' },
  ];
  return { nav, sidebar };
}

async function withDrawings(text: string): Promise<string> {
  const parts = text.split(/^```mermaid\n([\s\S]*?)^```$/m);
  const drawings = await Promise.all(parts.map((part, at) => (at % 2 === 1 ? drawn(part.trim()) : part)));
  return drawings.map((part, at) => (at % 2 === 1 ? `<div class="drawing">\n${part.trim()}\n</div>` : part)).join('');
}
