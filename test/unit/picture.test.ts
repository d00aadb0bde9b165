import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { berthHere } from './cli/berth.ts';

test('the picture in docs/deploying.md is what `berth diagram preprod` prints', async () => {
  const page = readFileSync(new URL('../../docs/deploying.md', import.meta.url), 'utf8');
  const { stdout } = await berthHere(['diagram', 'preprod']);
  expect(stdout).toContain('flowchart LR');
  expect(page).toContain(`\`\`\`mermaid\n${stdout.trimEnd()}\n\`\`\``);
});
