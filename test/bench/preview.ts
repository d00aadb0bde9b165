import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Figure } from '../../tools/lib/figures.ts';
import { checkout } from '../../tools/lib/paths.ts';
import { runLogged } from '../../tools/lib/stage.ts';
import { run, type TestStack } from '../e2e/stack.ts';
import { figure, repeated } from './samples.ts';

/** A preview of the deployed, unchanged stack against that of an empty program, by turns, on one engine and backend */
export async function preview(stack: TestStack, log: (line: string) => void): Promise<Figure[]> {
  const empty = await emptyProgram(stack, log);
  try {
    const pairs = await repeated(7, async () => ({ empty: await empty.preview(), berth: await previewOf(stack) }));
    const share = pairs.map((pair) => pair.berth / pair.empty);
    return [
      figure('preview of an empty program', pairs.map((pair) => pair.empty), 's'),
      figure('preview of Basegun, deployed and unchanged', pairs.map((pair) => pair.berth), 's'),
      figure('preview, Basegun to an empty program', share, '×', 1.5),
    ];
  } finally {
    await empty.remove();
  }
}

async function previewOf(stack: TestStack): Promise<number> {
  const { code, output, seconds } = await stack.pulumi('preview', '--non-interactive', '--expect-no-changes');
  if (code !== 0) throw new Error(`the preview failed:\n${output}`);
  return seconds;
}

async function emptyProgram({ environment, place }: TestStack, log: (line: string) => void) {
  const folder = await mkdtemp(join(tmpdir(), 'berth-bench-'));
  const options = { typescript: false, nodeargs: '--import tsx' };
  await writeFile(
    join(folder, 'Pulumi.yaml'),
    stringify({ name: 'empty', main: 'index.ts', runtime: { name: 'nodejs', options } }),
  );
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', main: 'index.ts' }));
  await writeFile(join(folder, 'index.ts'), 'export {};\n');
  await symlink(join(checkout, 'node_modules'), join(folder, 'node_modules'));
  const pulumi = (...words: string[]) => runLogged('pulumi', words, { cwd: folder, env: environment, log });
  await pulumi('stack', 'init', place.stack, '--non-interactive');
  await pulumi('up', '--yes', '--skip-preview', '--non-interactive', '--stack', place.stack);
  return {
    async preview(): Promise<number> {
      const began = performance.now();
      await pulumi('preview', '--non-interactive', '--expect-no-changes', '--stack', place.stack);
      return (performance.now() - began) / 1000;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
