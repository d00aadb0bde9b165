import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { brokenLinks } from '../../../tools/docs/brokenLinks.ts';
import { linked, type Places } from '../../../tools/docs/links.ts';
import { temporaryFolder } from '../cli/berth.ts';

const files = ['docs/clouds.md', 'docs/pictures/local.svg', 'systems/mad/README.md', 'systems/mad', 'src/api.ts'];
const places: Places = {
  pages: new Map([
    ['docs/clouds.md', 'clouds'],
    ['systems/mad/README.md', 'systems/mad'],
  ]),
  exists: (file) => files.includes(file),
  source: 'https://code.example.org/blob/main',
};

test('links between files lead to the same pages of the site, from every folder', () => {
  expect(linked('[a](clouds.md#aws) [b](../systems/mad) [c](#here)', 'docs/start.md', places)).toBe(
    '[a](/clouds.md#aws) [b](/systems/mad.md) [c](#here)',
  );
  expect(linked('![seen](docs/pictures/local.svg)', 'README.md', places)).toBe('![seen](/docs/pictures/local.svg)');
});

test('a link to a file that is no page leads to where its source is read; where nobody knows that, its text stays', () => {
  expect(linked('[`api.ts`](../src/api.ts)', 'docs/new.md', places)).toBe(
    '[`api.ts`](https://code.example.org/blob/main/src/api.ts)',
  );
  expect(linked('[`api.ts`](../src/api.ts)', 'docs/new.md', { ...places, source: undefined })).toBe('`api.ts`');
});

test('a link to a file that is not there ends the build and names both; text in a block of code is no link', () => {
  expect(() => linked('[a](gone.md)', 'docs/new.md', places)).toThrow(
    'docs/new.md: its link to gone.md leads to no file',
  );
  const block = '```console\n$ echo [a](gone.md)\n```\n';
  expect(linked(block, 'docs/new.md', places)).toBe(block);
});

const site = (pages: Record<string, string>): string => {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(pages)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
};

test('a built site whose links all lead somewhere has no broken ones, also below a folder of its server', () => {
  const pages = {
    'index.html': '<a href="/berth/a/b.html#one">x</a><a href="/berth/a/">y</a><a href="https://example.org/z">z</a>',
    'a/index.html': '<a href="#here">x</a><h2 id="here"></h2><a href="/berth/">y</a>',
    'a/b.html': '<h1 id="one"></h1><img src="/berth/picture.svg">',
    'picture.svg': '',
  };
  expect(brokenLinks(site(pages), '/berth/')).toEqual([]);
});

test('a page, a part of a page and a picture that are not there are told with the page that names them', () => {
  const pages = {
    'index.html': '<a href="/a.html#two">x</a><a href="/b.html">y</a><a class="c" href="#no">z</a><img src="/p.svg">',
    'a.html': '<h1 id="one"></h1>',
  };
  expect(brokenLinks(site(pages), '/')).toEqual([
    'index.html: /a.html#two',
    'index.html: /b.html',
    'index.html: #no',
    'index.html: /p.svg',
  ]);
});
