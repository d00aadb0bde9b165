import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { berth } from '../../../src/cli/main.ts';
import { clouds } from '../../../src/clouds/registry.ts';
import { checkout } from '../../../src/paths.ts';
import { generatedPages } from '../../../tools/docs/generatedPages.ts';
import { systemNames } from '../../stack/samples.ts';

let pages: ReadonlyMap<string, string>;

beforeAll(() => {
  pages = new Map(generatedPages().map(({ path, text }) => [path, text]));
});

const page = (path: string): string => pages.get(`reference/${path}`) ?? '';

/** The part of a page under the heading of a key */
const key = (path: string, name: string): string =>
  page(path)
    .split(/^##+ /m)
    .find((part) => part.startsWith(`\`${name}\` `)) ?? '';

test('every key has a type, a default, and the error that a wrong value gives', () => {
  const parts = [...pages]
    .filter(([path]) => /environment|clouds\/|systems\//.test(path))
    .flatMap(([path, text]) =>
      text
        .split(/^##+ /m)
        .slice(1)
        .map((part) => [path, part] as const),
    );
  expect(parts.length).toBeGreaterThan(400);
  const lacking = parts.filter(
    ([, part]) => !['**Type**', '**Default**', '**A wrong value**'].every((word) => part.includes(word)),
  );
  // What the engine writes into a secret is no value for people, and no error quotes it
  expect(lacking.map(([, part]) => part.split(' ')[0])).toEqual(['`berth:secrets.<name>.secure`']);
});

test('every key in environment.schema.json is in the reference', () => {
  const { properties, definitions } = JSON.parse(readFileSync(join(checkout, 'environment.schema.json'), 'utf8'));
  // `berth local` writes its own block itself
  const { 'berth:local': _, 'berth:clouds': clouds, 'berth:systems': systems, ...own } = properties.config.properties;
  const named = new Set(Object.keys(own));
  const collect = (schema: unknown): void => {
    JSON.stringify(schema, (name, value) => {
      if (name === 'properties') for (const one of Object.keys(value)) named.add(one);
      if (name === '$ref') collect(definitions[value.split('/').at(-1)]);
      return value;
    });
  };
  const blocks = [clouds, systems].flatMap(({ properties: inner }) => Object.values<unknown>(inner));
  for (const schema of [...Object.values(own), ...blocks]) collect(schema);
  expect(named.size).toBeGreaterThan(100);
  const text = [...pages.values()].join('\n');
  const missing = [...named].filter((name) => !new RegExp(`^##+ \`(?:[^\`]*\\.)?${name}\``, 'm').test(text));
  expect(missing).toEqual([]);
});

test('type, limits, default, example and error of a key are those of the program', () => {
  const disk = key('systems/basegun', 'web.diskGb');
  expect(disk).toContain('a whole number, 10 to 4000');
  expect(disk).toContain('**Default**: `10`');
  expect(disk).toContain('the number `9` is less than 10');
  expect(key('systems/basegun', 'web.size')).toContain('**Example**: `s1-2`');
  expect(key('systems/basegun', 'contact')).toContain('it is required with `tls: acme`');
  expect(key('clouds/openstack', 'network')).toContain('`public`, `private`');
  expect(key('environment', 'berth:operators.networks')).toContain('is not a list');
});

test('blocks that keys share are told once, and lead to where they are', () => {
  const told = key('systems/basegun', 'monitoring.schedule');
  expect(told).toContain('[`web.schedule`](#web-schedule)');
  expect(page('systems/basegun')).not.toContain('`monitoring.schedule.zone`');
});

test('every cloud with settings and every system has a page of keys', () => {
  for (const { name, settings } of Object.values(clouds))
    expect(pages.has(`reference/clouds/${name}`), name).toBe(settings !== undefined);
  for (const name of systemNames) expect(page(`systems/${name}`)).toContain(`# ${name}: keys`);
});

test('every command has a page with its arguments, options and examples', () => {
  const { commands } = berth();
  expect(commands.length).toBeGreaterThan(30);
  for (const command of commands) {
    const text = page(`commands/${command.name()}`);
    const wanted = [
      ...command.options.map(({ flags }) => `\`${flags}\``),
      ...command.registeredArguments.map((argument) => `${argument.name()}${argument.variadic ? '...' : ''}`),
    ];
    expect(
      wanted.filter((word) => !text.replaceAll('\\|', '|').includes(word)),
      command.name(),
    ).toEqual([]);
    expect(text, command.name()).toContain('## Examples');
    expect(page('commands/index')).toContain(`/reference/commands/${command.name()}.md`);
  }
});

test('every command has its exit codes, and those alone that hand on the code of another program say so', () => {
  for (const command of berth().commands) {
    const [, codes = ''] = page(`commands/${command.name()}`).split('## Exit codes\n');
    for (const code of ['0', '1', '2', '130']) expect(codes, command.name()).toContain(`\n| ${code} | `);
    const handsOn = ['ssh', 'run', 'sql', 'restore', 'backup'].includes(command.name());
    expect(codes.includes('| others |'), command.name()).toBe(handsOn);
  }
});

test('prices have a currency, a region, the day of the oldest and where they are from', () => {
  for (const { name, prices } of Object.values(clouds)) {
    if (prices === undefined) continue;
    const part = page('costs').split(`## ${name}\n`)[1] ?? '';
    for (const word of [
      prices.currency,
      prices.date,
      ...Object.keys(prices.regions).filter((region) => region !== '*'),
    ])
      expect(part).toContain(word);
  }
  // An hour's price of 0.005 in 730 hours
  expect(page('costs')).toMatch(/\| public address \| every region \| 3\.65 \|/);
});

test('what is written for people is shown as text, and no part of it is taken for the site’s own language', () => {
  for (const [path, text] of pages) {
    const outside = text.replaceAll(/^```[\s\S]*?^```$/gm, '').replaceAll(/``[^\n]*?``|`[^`\n]*`/g, '');
    expect(outside, path).not.toMatch(/<[a-z]|\{\{/i);
  }
});
