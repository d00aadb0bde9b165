import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { arch, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { cacheFolder } from '../../../paths.ts';
import { goBuild } from '../../../process/goBuild.ts';
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
export async function compiledProgram(recipe: Compiled, log: (line: string) => void): Promise<string | undefined> {
  const target = programPath(recipe);
  if (target === undefined) return undefined;
  await oneCompilation(async () => {
    if (existsSync(target)) return;
    await mkdir(dirname(target), { recursive: true });
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

/** What is compiled of a recipe; a program that goes into no image has these alone */
export type Compiled = Pick<Recipe, 'name' | 'context' | 'program'>;

/** Returns where the cache has a recipe's Go program, or will have it */
export const programPath = (recipe: Compiled): string | undefined =>
  recipe.program && join(cacheFolder(), 'programs', `${recipe.program.name}-${programKey(recipe)}`);

async function compile(
  { context, program, name }: Compiled,
  output: string,
  log: (line: string) => void,
): Promise<void> {
  if (!program) return;
  // Go updates go.mod during the build, so it runs on a copy: the set-up must not change files of the checkout
  const workspace = await mkdtemp(join(tmpdir(), 'berth-program-'));
  const target = { ...goBuild(), GOOS: 'linux', GOARCH: arch() === 'x64' ? 'amd64' : arch() };
  const go = (...words: string[]) =>
    runLogged('go', words, { cwd: workspace, env: target, log }).catch((error: Error) => {
      if (!error.message.includes('not on PATH')) throw error;
      throw new Error(
        `${name} can neither be downloaded nor built here: go is not on PATH. Install Go 1.26 or newer, or give this computer access to the internet`,
      );
    });
  try {
    for (const file of programFiles(context)) await copyFile(join(context, file), join(workspace, file));
    log(`compiling ${program.name}`);
    const folderOf = async (module: string) =>
      z.object({ Dir: z.string() }).parse(JSON.parse(await go('mod', 'download', '-json', module))).Dir;
    if (program.embeds) {
      const { module, files } = program.embeds;
      const from = await folderOf(module);
      for (const file of files) await copyFile(join(from, file), join(workspace, basename(file)));
    }
    for (const { module, folder, file } of program.instead ?? []) {
      const copy = join(workspace, basename(file, '.go'));
      // Files of Go's own store are read-only
      await runLogged('cp', ['--recursive', '--no-preserve=mode', await folderOf(module), copy], { log });
      await rm(join(copy, folder), { recursive: true });
      await mkdir(join(copy, folder));
      await rename(join(workspace, file), join(copy, folder, file));
      await go('mod', 'edit', `-replace=${module}=./${basename(copy)}`);
    }
    const linkerFlags = ['-s', '-w', program.linkerFlags ?? ''].join(' ').trim();
    await go('build', '-mod=mod', '-trimpath', `-ldflags=${linkerFlags}`, '-o', output, program.package);
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}
