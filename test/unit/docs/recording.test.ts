import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkout } from '../../../src/paths.ts';
import { type Moment, recordingOf } from '../../../tools/recording/frames.ts';
import { svgOf } from '../../../tools/recording/svg.ts';

const size = { columns: 80, rows: 10, title: 'A terminal' };

const moment = (worked: number, lines: readonly string[], top = 0, typed = 0): Moment => ({
  typed,
  worked,
  lines,
  top,
});

test('a line stands from when it was written until it is written over, and the last ones stay', () => {
  const { shown } = recordingOf([moment(0, ['$ x']), moment(0.5, ['$ x', 'one']), moment(1, ['$ x', 'two'])]);
  expect(shown).toEqual([
    { line: 1, text: 'one', from: 0.5, to: 1 },
    { line: 0, text: '$ x', from: 0 },
    { line: 1, text: 'two', from: 1 },
  ]);
});

test('programs that worked for long are shown in a short time, and moments that follow at once are one', () => {
  const { shown, length } = recordingOf([moment(0, ['a']), moment(1000, ['a', 'b']), moment(1000.01, ['a', 'c'])], {
    ...{ longest: 20.2, pause: 2 },
  });
  expect(shown.map(({ text }) => text)).toEqual(['a', 'c']);
  expect(length).toBeCloseTo(22.2, 1);
});

test('what was typed is shown letter by letter, as fast as it was typed', () => {
  const typed = ['$', '$ l', '$ ls'].map((text, at) => moment(at / 1000, [text], 0, at / 10));
  expect(recordingOf(typed).shown.map(({ text }) => text)).toEqual(['$', '$ l', '$ ls']);
  expect(recordingOf(typed, { pause: 0 }).length).toBeCloseTo(0.2, 1);
});

test('what moves out of sight moves up in the picture', () => {
  const { tops } = recordingOf([moment(0, ['a']), moment(1, ['a', 'b'], 1), moment(2, ['a', 'b', 'c'], 1)]);
  expect(tops.map(({ top }) => top)).toEqual([0, 1]);
});

test('the picture is for dark and light, still where motion is not wanted, and takes texts as texts', () => {
  const svg = svgOf(recordingOf([moment(0, ['$ echo "<b>&"'])]), size);
  expect(svg).toContain('prefers-color-scheme:dark');
  expect(svg).toContain('prefers-reduced-motion:reduce');
  expect(svg).toContain('$ echo &quot;&lt;b&gt;&amp;&quot;');
  expect(svg).toContain('<title>A terminal</title>');
});

test('the recording in the README is of a real deployment, and loads at once', () => {
  const file = join(checkout, 'docs', 'pictures', 'local.svg');
  const svg = readFileSync(file, 'utf8');
  expect(statSync(file).size).toBeLessThan(100_000);
  for (const text of ['$ npm run local', '$ npx berth matrix local', 'https://basegun.localhost:', 'healthy: 200'])
    expect(svg).toContain(text);
  // No name, folder or address of the computer that it was made on
  expect(svg).not.toMatch(/\/(?:root|home|tmp)\//);
});
