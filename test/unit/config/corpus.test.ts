import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ConfigError } from '../../../src/config/error.ts';
import { readEnvironmentFile } from '../../../src/config/file.ts';
import { loadEnvironment } from '../../../src/config/load.ts';
import { clouds, systems } from './fixtures.ts';

// Each file says in its head what is wrong with it (`# wrong: <path>`); the text beside it is what its author gets to
// read. Every secret in the corpus holds `hunter2` or `424242`.
const folder = new URL('./corpus/', import.meta.url).pathname;
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

test('the corpus is as large as it was', () => expect(files.length).toBeGreaterThanOrEqual(50));

test.each(files)('%s: every problem at once, each with what is allowed or a fix, and no secret', async (file) => {
  const head = readFileSync(`${folder}${file}`, 'utf8');
  const stack = /^# stack: (.+)$/m.exec(head)?.[1] ?? 'preprod';
  const error = failure(() => loadEnvironment(readEnvironmentFile(`${folder}${file}`, stack), systems, clouds));

  expect(error.problems.map(({ path }) => path).sort()).toEqual(
    [...head.matchAll(/^# wrong: (.+)$/gm)].map(([, path]) => path).sort(),
  );
  for (const { allowed, fix } of error.problems) expect(allowed ?? fix).toBeTruthy();
  expect(JSON.stringify(error.problems) + error.message).not.toMatch(/hunter2|424242/);
  await expect(`${error.message}\n`).toMatchFileSnapshot(`${folder}${file.replace('.yaml', '.txt')}`);
});

function failure(run: () => unknown): ConfigError {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('was accepted');
}
