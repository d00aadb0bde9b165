import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Figure } from '../../tools/lib/figures.ts';
import { generated } from '../../tools/lib/paths.ts';
import { runLogged } from '../../tools/lib/stage.ts';
import type { TestStack } from '../e2e/stack.ts';
import { figure, repeated, secondsOf } from './samples.ts';

/**
 * A preview of the deployed, unchanged stack against that of a program that declares nothing: by turns, on one engine,
 * backend and loader. What berth adds is its own modules, its resources and the start of two plugins.
 */
export async function preview(stack: TestStack, log: (line: string) => void): Promise<Figure[]> {
  const empty = await emptyProgram(stack, log);
  try {
    const pairs = await repeated(7, async () => ({ empty: await empty.preview(), berth: await previewOf(stack) }));
    const empties = pairs.map((pair) => pair.empty);
    const berths = pairs.map((pair) => pair.berth);
    const ratios = pairs.map((pair) => pair.berth / pair.empty);
    return [
      figure('preview of a program that declares nothing', empties, 's'),
      figure('preview of Basegun, deployed and unchanged', berths, 's'),
      figure('preview of Basegun to that of nothing', ratios, '×', 1.5),
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

/** In the checkout too, so that the engine finds the same packages and the same repository */
async function emptyProgram({ environment, place }: TestStack, log: (line: string) => void) {
  const folder = await mkdtemp(join(generated, 'bench-'));
  const runtime = { name: 'nodejs', options: { typescript: false, nodeargs: '--import tsx' } };
  const program = "import * as pulumi from '@pulumi/pulumi';\n\nexport const stack = pulumi.getStack();\n";
  await writeFile(join(folder, 'Pulumi.yaml'), stringify({ name: 'empty', main: 'index.ts', runtime }));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', main: 'index.ts' }));
  await writeFile(join(folder, 'index.ts'), program);
  const pulumi = (...words: string[]) =>
    runLogged('pulumi', [...words, '--non-interactive'], { cwd: folder, env: environment, log });
  await pulumi('stack', 'init', place.stack);
  await pulumi('up', '--yes', '--skip-preview', '--stack', place.stack);
  return {
    preview: () => secondsOf(() => pulumi('preview', '--expect-no-changes', '--stack', place.stack)),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
