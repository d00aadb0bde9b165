import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { generated } from '../../src/paths.ts';
import { runLogged } from '../../src/process/stage.ts';
import type { Figure } from '../../tools/lib/figures.ts';
import type { TestStack } from '../e2e/stack.ts';
import { startOfPlugins } from './plugins.ts';
import { figure, repeated, secondsOf } from './samples.ts';

/**
 * A preview of the deployed, unchanged stack against that of a program that declares nothing: by turns, on one engine,
 * backend and loader. The program's own share is what is left without the start of the local cloud's plugin and of the
 * command plugin's stand-in, which a stack on another cloud has not.
 */
export async function preview(stack: TestStack, log: (line: string) => void): Promise<Figure[]> {
  // In the checkout too, so that the engine finds the same packages and the same repository
  const folder = await mkdtemp(join(generated, 'bench-'));
  try {
    const empty = await emptyProgram(stack, folder, log);
    const rounds = await repeated(7, async () => ({
      empty: await empty('preview'),
      berth: await previewOf(stack),
      plugins: await startOfPlugins(),
    }));
    const each = (value: (round: (typeof rounds)[number]) => number) => rounds.map(value);
    return [
      figure(
        'preview of a program that declares nothing',
        each((round) => round.empty),
        's',
      ),
      figure(
        'preview of Basegun, deployed and unchanged',
        each((round) => round.berth),
        's',
      ),
      figure(
        'start of its two plugins',
        each((round) => round.plugins),
        's',
      ),
      figure(
        "the program's own share, to that of nothing",
        each(({ berth, plugins, empty }) => (berth - plugins) / empty),
        '×',
        1.5,
      ),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function previewOf(stack: TestStack): Promise<number> {
  const { code, output, seconds } = await stack.pulumi('preview', '--non-interactive', '--expect-no-changes');
  if (code !== 0) throw new Error(`the preview failed:\n${output}`);
  return seconds;
}

/** Deploys a program that declares nothing; gives what takes the seconds of its preview, or of an up with nothing to do */
export async function emptyProgram(
  { environment, place }: Pick<TestStack, 'environment' | 'place'>,
  folder: string,
  log: (line: string) => void,
) {
  const runtime = { name: 'nodejs', options: { typescript: false } };
  const program = "import * as pulumi from '@pulumi/pulumi';\n\nexport const stack = pulumi.getStack();\n";
  await writeFile(join(folder, 'Pulumi.yaml'), stringify({ name: 'empty', main: 'index.js', runtime }));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', main: 'index.js' }));
  await writeFile(join(folder, 'index.js'), program);
  const pulumi = (...words: string[]) =>
    runLogged('pulumi', [...words, '--non-interactive'], { cwd: folder, env: environment, log });
  await pulumi('stack', 'init', place.stack);
  await pulumi('up', '--yes', '--skip-preview', '--stack', place.stack);
  const words = { preview: ['--expect-no-changes'], up: ['--yes', '--skip-preview'] };
  return (command: 'preview' | 'up'): Promise<number> =>
    secondsOf(() => pulumi(command, ...words[command], '--stack', place.stack));
}
