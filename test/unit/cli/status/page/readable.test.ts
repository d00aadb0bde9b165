import { expect, test } from 'vitest';
import { diagramSvg } from '../../../../../src/cli/diagramSvg.ts';
import { readOffline } from '../../../../../src/cli/environment.ts';
import type { PageData } from '../../../../../src/cli/status/page/data.ts';
import { mostBytes, page } from '../../../../../src/cli/status/page/page.ts';
import { colours } from '../../../../../src/cli/status/page/style.ts';
import { machine, machineOf, pageData, reportOf, series, shop, told } from './data.ts';

/** A stack of so many systems, each of so many machines */
function large(systems: number, count: number): PageData {
  const all = Array.from({ length: systems }, (_, number) => `system-${number}`);
  const names = (system: string) => Array.from({ length: count }, (_, number) => `${system}-web-${number}`);
  const value = (number: number) => 0.5 + 0.4 * Math.sin(number * 1.7);
  const wave = series(...Array.from({ length: 72 }, (_, slot) => value(slot)));
  const of = (system: string) => Object.fromEntries(names(system).map((name) => [name, wave]));
  return pageData({
    report: reportOf(
      ...all.map((name): [string, ReturnType<typeof shop>] => [
        name,
        shop({ machines: Object.fromEntries(names(name).map((one) => [one, machine('web', '203.0.113.5')])) }),
      ]),
    ),
    machines: all.flatMap((system) => names(system).map((name) => ({ ...machineOf(name), system }))),
    monitoring: Object.fromEntries(
      all.map((name) => [
        name,
        { ...told(), history: { ...told().history, up: of(name), processors: of(name), memory: of(name) } },
      ]),
    ),
    diagram: `<svg viewBox="0 0 1 1"><g>${'<path d="M0 0"/>'.repeat(3000)}</g></svg>`,
  });
}

test.each([
  ['one machine', 1, 1, true],
  ['four systems of eight machines', 4, 8, false],
  ['a fleet of eighty machines', 2, 40, false],
])('the page of %s is at most 100 KB, and names every machine', (_, systems, count, isWhole) => {
  const text = page(large(systems, count));
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(mostBytes);
  expect(text).toContain(`system-0-web-${count - 1}`);
  expect(text.includes('It is too large for this page')).toBe(!isWhole);
});

test('the page of the four systems with their diagram is at most 100 KB', async () => {
  const { environment, blueprints } = readOffline('preprod');
  const text = page({ ...large(4, 3), diagram: await diagramSvg(environment, blueprints) });
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(mostBytes);
  expect(text).toContain('<svg aria-hidden="true"');
  console.log(`the page of four systems: ${Buffer.byteLength(text)} bytes`);
});

test('by keyboard and for readers of screens: one main heading, landmarks, a way past the start, targets that exist', () => {
  const text = page(pageData());
  expect(text.match(/<h1/g)).toHaveLength(1);
  for (const landmark of ['<main>', '<header>', '<footer>', '<nav aria-label=']) expect(text).toContain(landmark);
  expect(text).toContain('<html lang="en">');
  for (const [, id] of text.matchAll(/href="#([\w-]+)"/g)) expect(text, id).toContain(`id="${id}"`);
  for (const [, id] of text.matchAll(/aria-labelledby="([\w-]+)"/g)) expect(text, id).toContain(`id="${id}"`);
  for (const [svg] of text.matchAll(/<svg[^>]*>/g))
    expect(svg).toMatch(/role="img" aria-label="[^"]+"|aria-hidden="true"/);
});

/** Of two colours, as WCAG 2 defines it */
function contrast(one: string, other: string): number {
  const light = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((from) => {
      const part = Number.parseInt(colour.slice(from, from + 2), 16) / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [dark = 0, bright = 0] = [light(one), light(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}

test.each(['light', 'dark'] as const)('in %s, texts have a contrast of 4.5 and charts of 3 (WCAG AA)', (scheme) => {
  const of = colours[scheme];
  for (const text of [of.text, of.quiet, of.link])
    for (const ground of [of.ground, of.sheet])
      expect(contrast(text, ground), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  for (const state of ['well', 'warning', 'down'] as const) {
    expect(contrast(of[state], of[`${state}-ground`]), state).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of[state], of.sheet), state).toBeGreaterThanOrEqual(3);
  }
  for (const box of ['box-outside', 'box-machines', 'box-part', 'off-ground'] as const)
    expect(contrast(of.text, of[box])).toBeGreaterThanOrEqual(4.5);
  for (const chart of [of.ok, of.part, of.down, of.chart])
    expect(contrast(chart, of.sheet), chart).toBeGreaterThanOrEqual(3);
});
