import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { k6 } from '../../k6.ts';
import type { TestStack } from '../stack.ts';

/** The scripts of load/ by the real k6, at the addresses that the stack's own outputs give */
export function loads(scene: () => TestStack): void {
  test('the smoke test passes on a deployed stack', async () => {
    const { output } = await scene().pulumi('stack', 'output', '--json');
    const outputs = join(scene().place.folder, 'outputs.json');
    await writeFile(outputs, output);
    const { code, stdout, stderr } = await k6('run', 'smoke.js', outputs, '-e', 'SLOWEST=20000');
    expect({ code, stderr }, stdout).toMatchObject({ code: 0 });
    expect(Number(/http_reqs[.: ]+(\d+)/.exec(stdout)?.[1])).toBeGreaterThan(10);
  });
}
