import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkout } from '../../src/paths.ts';
import { runLogged } from '../../src/process/stage.ts';
import type { Measure } from '../../tools/lib/figures.ts';
import { figure, repeated, secondsOf } from './samples.ts';

/** The whole process of `berth render`, for each environment file */
export const measure: Measure = async ({ log }) => {
  const stacks = (await readdir(checkout)).flatMap((file) => /^Pulumi\.([\w-]+)\.yaml$/.exec(file)?.[1] ?? []).sort();
  const folder = await mkdtemp(join(tmpdir(), 'berth-bench-'));
  const render = (stack: string) =>
    runLogged(
      process.execPath,
      [join(checkout, 'src', 'start', 'berth.js'), 'render', stack, '--out', join(folder, stack)],
      {
        cwd: checkout,
        log,
      },
    );
  try {
    return await rendered(stacks, render);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

async function rendered(stacks: readonly string[], render: (stack: string) => Promise<unknown>) {
  const figures = [];
  for (const stack of stacks) {
    const samples = await repeated(7, () => secondsOf(() => render(stack)));
    figures.push(figure(`berth render ${stack}`, samples, 's', 1));
  }
  return figures;
}
