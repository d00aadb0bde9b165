import { expect, test } from 'vitest';
import { trace } from '../../../src/program/trace.ts';
import { load } from '../../../src/start/esbuild.js';

/** What a trace says with our formatter in place */
function traced(failing: () => string | undefined): string | undefined {
  const formatter = Error.prepareStackTrace;
  Error.prepareStackTrace = trace;
  try {
    return failing();
  } finally {
    Error.prepareStackTrace = formatter;
  }
}

test('a trace names the lines of the source, though a bundle runs', async () => {
  const { failing } = await load<typeof import('../hosts/failing.ts')>('test/unit/hosts/failing.ts');
  expect(traced(() => failing({ text: 'the reason' }).stack)).toMatch(
    /^Error: the reason\n {4}at failing \(\/.*\/test\/unit\/hosts\/failing\.ts:6:47\)\n {4}at /,
  );
});

test('where a resource is declared is left out, which Pulumi takes a trace for', () => {
  const callsites = () => new Error().stack;
  const other = () => new Error('told').stack;
  expect(traced(callsites)).toBe('');
  expect(traced(other)).toMatch(/^Error: told\n {4}at other \(/);
});
