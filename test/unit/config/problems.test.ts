import { expect, test } from 'vitest';
import { z } from 'zod';
import { domainName } from '../../../src/config/fields.ts';
import { nearest } from '../../../src/config/nearest.ts';
import { problemsOf } from '../../../src/config/problems.ts';

test("a value whose key says that it is secret is never shown, nor quoted in its field's own words", () => {
  const schema = z.strictObject({ apiToken: domainName, web: z.strictObject({ dbPassword: z.int() }) });
  const problems = problemsOf(schema, { apiToken: 'https://Hunter2.example.org/', web: { dbPassword: 'hunter2' } });
  expect(problems.map(({ path, value }) => `${path} ${value}`)).toEqual([
    'apiToken [secret]',
    'web.dbPassword [secret]',
  ]);
  expect(JSON.stringify(problems)).not.toMatch(/hunter2/i);
});

test.each([
  ['domian', 'domain'],
  ['disk', 'diskGb'],
  ['disk_gb', 'diskGb'],
  ['SIZE', 'size'],
  ['szie', 'size'],
  ['replicas', undefined],
  ['x', undefined],
])('%s was meant to be %s', (name, meant) => {
  expect(nearest(name, ['domain', 'diskGb', 'size', 'web'])).toBe(meant);
});
