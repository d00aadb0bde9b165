import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { berthHere } from './cli/berth.ts';

test("the README's picture is what `berth diagram preprod` prints", async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const { stdout } = await berthHere(['diagram', 'preprod']);
  expect(stdout).toContain('flowchart LR');
  expect(readme).toContain(`\`\`\`mermaid\n${stdout.trimEnd()}\n\`\`\``);
});
