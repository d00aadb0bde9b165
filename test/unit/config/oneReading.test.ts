import { expect, test } from 'vitest';
import { ConfigError } from '../../../src/config/error.ts';
import { environmentInput } from '../../../src/config/file.ts';

const read = (yaml: string): unknown =>
  environmentInput(`config:\n  berth:systems:\n    basegun:\n      env:\n${yaml}\n`, 'file', 'preprod').config;
const said = (yaml: string): readonly string[] => {
  try {
    read(yaml);
  } catch (error) {
    if (error instanceof ConfigError)
      return error.problems.map(({ path, message, fix }) => `${path} ${message}; ${fix}`);
    throw error;
  }
  return [];
};

test.each([
  '2024-05-01',
  '2024-05-01T10:00:00Z',
  '1_000',
  '0b101',
  '0X1F',
  '0123',
  '3.10',
  '1e3',
  '+5',
  'True',
  '.inf',
  '1.',
])('what readers of YAML take for something else is refused, and the fix keeps what was written: %s', (written) => {
  const [problem] = said(`        NAME: ${written}`);
  expect(problem).toMatch(/^line 5, column 15 is read as a (date|number|boolean), not as the written text; /);
  expect(problem).toContain(`put it in quotes: '${written}'`);
  const quoted = read(`        NAME: '${written}'`);
  expect(quoted).toEqual({ 'berth:systems': { basegun: { env: { NAME: written } } } });
});

test('every such piece is told at once, merge keys and tags among them, in lists and as keys too', () =>
  expect(
    said(
      "        <<: { A: b }\n        LIST: [1_0, 'x']\n        0x1F: a\n        TAG: !!binary aGk=\n        FINE: 10",
    ).map((problem) => problem.replace(/;.*/, '')),
  ).toEqual([
    'line 5, column 9 is a merge key (<<), which not every YAML parser supports',
    'line 6, column 16 is read as a number, not as the written text',
    'line 7, column 9 is read as a number, not as the written text',
    'line 8, column 23 has a tag (!!name), which not every YAML parser supports',
  ]));

test('a secret stays unsaid', () => {
  expect(said('        DB_PASSWORD: 0424242')).toEqual([
    'line 5, column 22 is read as a number, not as the written text; put it in quotes',
  ]);
});

test("other programs' keys are left to them", () => {
  const text = 'config:\n  other:date: 2024-05-01\n  berth:environment: preprod\n';
  expect(environmentInput(text, 'file', 'preprod').config).toMatchObject({ 'berth:environment': 'preprod' });
});
