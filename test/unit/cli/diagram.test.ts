import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { berthHere, notReady, temporaryFolder } from './berth.ts';

test('a diagram is printed as text', async () => {
  const { code, stdout, stderr } = await berthHere(['diagram', 'preprod']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(notReady('preprod')) });
  expect(stdout).toMatch(/^flowchart LR\n/);
  expect(stdout).toContain('basegun-web-0');
});

test('or written as a picture', async () => {
  const file = join(temporaryFolder(), 'preprod.svg');
  const { code, stdout } = await berthHere(['diagram', 'preprod', '--svg', file]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: `wrote ${file}\n` });
  expect(readFileSync(file, 'utf8')).toMatch(/<svg[\s\S]*>filebeat[\s\S]*<\/svg>/);
});

test('--help shows an example', async () => {
  const { stdout } = await berthHere(['diagram', '--help']);
  expect(stdout).toMatch(/Examples:\n {2}\$ berth diagram /);
});
