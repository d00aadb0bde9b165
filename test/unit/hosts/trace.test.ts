import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { load } from '../../../src/bundle.js';
import { trace } from '../../../src/hosts/trace.ts';
import { checkout } from '../cli/berth.ts';

const folder = join(checkout, '.berth', 'trace-test');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a trace names the lines of the source, though a bundle runs', async () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'failing.ts'),
    `interface Wide {
  text: string;
}

// The bundle has another line, and another column
export const failing = (wide: Wide): Error =>
  new Error(wide.text);
`,
  );
  const { failing } = await load<{ failing(wide: object): Error }>('.berth/trace-test/failing.ts');
  const formatter = Error.prepareStackTrace;
  Error.prepareStackTrace = trace;
  try {
    const { stack } = failing({ text: 'the reason' });
    expect(stack).toMatch(/^Error: the reason\n {4}at failing \(\/.*\/\.berth\/trace-test\/failing\.ts:7:3\)\n {4}at /);
  } finally {
    Error.prepareStackTrace = formatter;
  }
});

test("a promise's trace, which Pulumi takes of each, is left out", () => {
  const formatter = Error.prepareStackTrace;
  Error.prepareStackTrace = trace;
  const debuggablePromise = () => new Error().stack;
  const other = () => new Error('told').stack;
  try {
    expect(debuggablePromise()).toBe('');
    expect(other()).toMatch(/^Error: told\n {4}at other \(/);
  } finally {
    Error.prepareStackTrace = formatter;
  }
});
