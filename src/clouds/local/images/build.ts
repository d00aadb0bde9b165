import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runLogged } from '../../../process/stage.ts';
import { baseTag } from './base.ts';
import { imageTag } from './keys.ts';
import { limit } from './limit.ts';
import type { Recipe } from './recipes.ts';

type Log = (line: string) => void;

// Installing packages mostly waits for downloads and disks; more than two builds at once slow each other down
const twoBuilds = limit(2);
// Versions of one image share layers, so the second build waits for those of the first
const oneOfAContext = new Map<string, ReturnType<typeof limit>>();

/** Returns the ids of docker's images by `repository:tag`; berth's own are `berth/<name>:<key>` */
export async function builtImages(): Promise<ReadonlyMap<string, string>> {
  const options = ['image', 'ls', '--no-trunc', '--format', '{{.Repository}}:{{.Tag}} {{.ID}}'];
  const listing = await runLogged('docker', options, { log: () => undefined, timeoutSeconds: 30 });
  const lines = listing.split('\n').filter(Boolean);
  return new Map(lines.map((line) => line.split(' ') as [string, string]));
}

/** Returns the name under which `builtImages` has an image: docker leaves out its own registry */
export const dockerName = (image: string): string => image.replace(/^docker\.io\/(library\/)?/, '');

/**
 * Builds a recipe's image, whose parent image must exist. The tag is set only once the image is complete.
 * @param files further files and folders for the build context: paths by name
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
    for (const [name, file] of files) await cp(file, join(folder, name), { recursive: true });
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
      // The classic builder: BuildKit needs a plugin that Debian's docker.io package lacks
      { log, env: { ...process.env, DOCKER_BUILDKIT: '0' }, timeoutSeconds: 1200 },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
