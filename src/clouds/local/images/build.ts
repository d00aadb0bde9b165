import { copyFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runLogged } from '../../../process/stage.ts';
import { baseTag } from './base.ts';
import { imageTag } from './keys.ts';
import { limit } from './limit.ts';
import type { Recipe } from './recipes.ts';

type Log = (line: string) => void;

// Package installations mostly wait for downloads and disks; more than two at once only get in each other's way.
const twoBuilds = limit(2);
// Versions of one image share their layers, so the second waits for the first's
const oneOfAContext = new Map<string, ReturnType<typeof limit>>();

/** The images that the docker engine has, by the name that it shows: `berth/<name>:<key>` are berth's own. */
export async function builtImages(): Promise<ReadonlyMap<string, string>> {
  const options = ['image', 'ls', '--no-trunc', '--format', '{{.Repository}}:{{.Tag}} {{.ID}}'];
  const listing = await runLogged('docker', options, { log: () => undefined, timeoutSeconds: 30 });
  const lines = listing.split('\n').filter(Boolean);
  return new Map(lines.map((line) => line.split(' ') as [string, string]));
}

/**
 * Builds a recipe's image; its parent must be there. The name appears only when the image is complete.
 * @param files what the context needs beside the recipe's own files, by name
 */
export async function buildImage(recipe: Recipe, files: ReadonlyMap<string, string>, log: Log): Promise<void> {
  const inTurn = oneOfAContext.get(recipe.context) ?? limit(1);
  oneOfAContext.set(recipe.context, inTurn);
  await inTurn(() => twoBuilds(() => buildInFolder(recipe, files, log)));
}

async function buildInFolder(recipe: Recipe, files: ReadonlyMap<string, string>, log: Log): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-image-'));
  try {
    await cp(recipe.context, folder, { recursive: true });
    for (const [name, file] of files) await copyFile(file, join(folder, name));
    const parent = recipe.parent ? imageTag(recipe.parent) : baseTag;
    const buildArguments = Object.entries({ BASE: parent, ...recipe.buildArguments });
    await runLogged(
      'docker',
      [
        'build',
        '--force-rm',
        ...['--tag', imageTag(recipe), '--label', `berth.image=${recipe.name}`],
        ...buildArguments.flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
        folder,
      ],
      // The classic builder: newer ones need a plugin that Debian's docker.io comes without
      { log, env: { ...process.env, DOCKER_BUILDKIT: '0' }, timeoutSeconds: 1200 },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
