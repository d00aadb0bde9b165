// Settings of VitePress, which builds the site from what `npm run docs` has gathered beside this folder
import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';

const { nav, sidebar, source } = JSON.parse(readFileSync(new URL('navigation.json', import.meta.url), 'utf8'));

export default defineConfig({
  title: 'berth',
  description: 'Declare a system once, berth it on any cloud.',
  lang: 'en',
  base: process.env.BERTH_DOCS_BASE ?? '/',
  outDir: process.env.BERTH_DOCS_OUT,
  head: [['link', { rel: 'icon', href: `${process.env.BERTH_DOCS_BASE ?? '/'}icon.svg`, type: 'image/svg+xml' }]],
  markdown: {
    // Anchors are those of GitHub, so that a link leads to the same heading on both
    anchor: { slugify },
    // Only generated pages name their anchors
    attrs: { leftDelimiter: '%{', rightDelimiter: '}%' },
    languageAlias: { console: 'shellsession' },
  },
  themeConfig: {
    nav,
    sidebar,
    outline: [2, 3],
    search: { provider: 'local' },
    socialLinks: source === undefined ? [] : [{ icon: 'github', link: source }],
  },
});

function slugify(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
    .replaceAll(' ', '-');
}
