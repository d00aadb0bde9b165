import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { arch, tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../../../paths.ts';
import { runLogged } from '../../../process/stage.ts';
import { programFiles, programKey } from './keys.ts';
import { limit } from './limit.ts';
import type { Recipe } from './recipes.ts';

// A single compilation already uses every core
const oneCompilation = limit(1);

/**
 * Returns the path of a recipe's Go program, compiled unless the cache has it; `undefined` for a recipe without one
 * @throws if Go is not installed or the compilation fails
 */
export async function compiledProgram(recipe: Recipe, log: (line: string) => void): Promise<string | undefined> {
  const { program } = recipe;
  if (!program) return undefined;
  const folder = join(cacheFolder(), 'programs');
  const target = join(folder, `${program.name}-${programKey(recipe)}`);
  await oneCompilation(async () => {
    if (existsSync(target)) return;
    await mkdir(folder, { recursive: true });
    const aside = `${target}.${process.pid}`;
    try {
      await compile(recipe, aside, log);
      await rename(aside, target);
    } finally {
      await rm(aside, { force: true });
    }
  });
  return target;
}

async function compile({ context, program, name }: Recipe, output: string, log: (line: string) => void): Promise<void> {
  if (!program) return;
  // Go updates go.mod during the build, so it runs on a copy: the set-up must not change files of the checkout
  const workspace = await mkdtemp(join(tmpdir(), 'berth-program-'));
  try {
    for (const file of programFiles(context)) await copyFile(join(context, file), join(workspace, file));
    const linkerFlags = ['-s', '-w', program.linkerFlags ?? ''].join(' ').trim();
    const options = ['build', '-mod=mod', '-trimpath', `-ldflags=${linkerFlags}`, '-o', output, program.package];
    const target = { CGO_ENABLED: '0', GOOS: 'linux', GOARCH: arch() === 'x64' ? 'amd64' : arch(), GOWORK: 'off' };
    log(`compiling ${program.name}`);
    await runLogged('go', options, { cwd: workspace, env: { ...process.env, ...target }, log }).catch(
      (error: Error) => {
        if (!error.message.includes('not on PATH')) throw error;
        throw new Error(
          `the ${name} image can neither be pulled nor built here: go is not on PATH. Install Go 1.26 or newer, or give the docker engine access to a container registry`,
        );
      },
    );
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}
