import { execFile as execFileOfNode } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { trace } from '../../../src/hosts/trace.ts';
import { programRuntime } from '../../programRuntime.ts';
import { checkout, temporaryFolder } from '../cli/berth.ts';

const execFile = promisify(execFileOfNode);

test('a trace names the lines of the source, under the loader of Pulumi.yaml', async () => {
  const file = join(temporaryFolder(), 'failing.mts');
  writeFileSync(
    file,
    `interface Wide {
  text: string;
}

// The loader puts all of it on one line
export const failing = (wide: Wide): Error =>
  new Error(wide.text);
`,
  );
  const program = `
    import 'source-map-support/register.js';
    import { trace } from './src/hosts/trace.ts';
    import { failing } from ${JSON.stringify(file)};
    Error.prepareStackTrace = trace;
    console.log(failing({ text: 'the reason' }).stack);`;
  const { options } = await programRuntime();
  const loader = options.nodeargs.split(' ');
  const { stdout } = await execFile(process.execPath, [...loader, '--input-type=module', '--eval', program], {
    cwd: checkout,
  });
  expect(stdout).toMatch(/^Error: the reason\n {4}at failing \(file:.*\/failing\.mts:7:3\)\n {4}at /);
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
