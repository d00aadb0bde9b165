import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from 'vitest';
import { checkout } from '../../../src/paths.ts';
import { drawn } from '../../../tools/docs/flowchart.ts';
import { gather } from '../../../tools/docs/gather.ts';
import { written } from '../../../tools/docs/pages.ts';

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

const read = (file: string): string => readFileSync(join(checkout, file), 'utf8');

test('every page in docs and of each system is on the site and in its navigation', async () => {
  const files = written(checkout).flatMap(({ pages }) => pages.map(({ file }) => file));
  const docs = readdirSync(join(checkout, 'docs')).filter((name) => name.endsWith('.md'));
  const systems = readdirSync(join(checkout, 'systems')).filter((name) =>
    existsSync(join(checkout, 'systems', name, 'README.md')),
  );
  const wanted = [...docs.map((name) => `docs/${name}`), ...systems.map((name) => `systems/${name}/README.md`)];
  expect(wanted.filter((file) => !files.includes(file))).toEqual([]);
  const { navigation, pages } = await gather(checkout, []);
  const text = JSON.stringify(navigation);
  for (const path of pages.keys()) expect(text).toContain(`"/${path.replace(/(?:index)?\.md$/, '')}"`);
});

test('every promise in docs/reliability.md is the title of a test in the file that it names', () => {
  const rows = [
    ...read('docs/reliability.md').matchAll(/^\| (.+?) \| \[`[^`]+`\]\(((?![^)]*\/bench\/)[^)]+\.ts)\) \|$/gm),
  ];
  expect(rows.length).toBeGreaterThan(12);
  const untold = rows.filter(([, row = '', target = '']) => {
    const titles = [...read(posix.join('docs', target)).matchAll(/(['"`])((?:(?!\1)[^\n]){10,}?)\1, async/g)];
    return !titles.some(([, , title = '']) => new RegExp(`^${escaped(title).replaceAll('%s', '.+')}$`).test(row));
  });
  expect(untold.map(([row]) => row)).toEqual([]);
});

test('limits in docs/reliability.md are those at which a measurement fails', () => {
  const rows = [
    ...read('docs/reliability.md').matchAll(
      /^\| .+? \| ([\d.]+) (\S+) \| \[`\w+`\]\(([^)]+\/bench\/[^)]+\.ts)\) \|$/gm,
    ),
  ];
  expect(rows.length).toBeGreaterThan(8);
  const wrong = rows.filter(([, limit = '', unit, target = '']) => {
    const text = read(posix.join('docs', target));
    return !new RegExp(`(?<![\\d.])${limit.replace('.', '\\.')},?\\s*\\)`).test(text) || unit === undefined;
  });
  expect(wrong.map(([row]) => row)).toEqual([]);
});

test('the README is read in two minutes', () => {
  const words = read('README.md')
    .replaceAll(/\]\([^)]*\)/g, ']')
    .split(/\s+/);
  expect(words.length).toBeLessThan(650);
});

test('a diagram becomes a picture in the colours of the page, with its boxes, groups, arrows and texts', async () => {
  const svg = await drawn(`flowchart LR
  file[/"a <b>file</b>"/] --> config
  subgraph pure["plain data"]
    config --> model
    model -->|facts| render & hosts
  end
  hosts -- "one login" --> host["a host"]
  render -.-> bucket[("a bucket")]`);
  for (const text of ['plain data', 'facts', 'one login', 'a bucket', 'a host', '<svg', 'currentColor'])
    expect(svg).toContain(text);
  expect(svg.match(/class="edge"/g)).toHaveLength(6);
  expect(svg).not.toContain('&lt;b&gt;');
});

test('a diagram of which a line is not understood is an error, and no half of a picture', async () => {
  await expect(drawn('flowchart LR\n  a ==> b')).rejects.toThrow("can't be drawn: a ==> b");
  await expect(drawn('sequenceDiagram\n  a->>b: x')).rejects.toThrow('sequenceDiagram');
});
