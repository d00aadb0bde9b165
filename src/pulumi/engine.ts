import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve, sep } from 'node:path';
import { cacheFolder } from '../paths.ts';
import { withLock } from '../process/lock.ts';
import { unreachable } from '../process/probe.ts';
import { runLogged } from '../process/stage.ts';
import { buildEngine, builtEngineFolder } from './build.ts';

/** Version of the `pulumi` package, whose wrapper downloads the same version of the engine */
export const wrapperVersion = '3.265.0';
const wrapper = join(dirname(createRequire(import.meta.url).resolve('pulumi/package.json')), 'run.js');

export interface Engine {
  /** Folder with `pulumi` and the Node.js language host */
  folder: string;
  /** Origin of the engine, for messages */
  origin: string;
}

/**
 * Returns a Pulumi engine: from PATH, otherwise downloaded by npm's wrapper, otherwise built from its pinned Go
 * modules. An engine of an earlier download or build is preferred to the network.
 * @throws if there is none, with what to install
 */
export async function findEngine(log: (line: string) => void): Promise<Engine> {
  const ready = await presentEngine();
  if (ready) return ready;
  const obstacle = await unreachable('https://get.pulumi.com/');
  if (obstacle === undefined) {
    const engine = await download(log);
    if (engine) return engine;
  } else {
    log(`${obstacle}: the engine is built from its Go modules`);
  }
  const folder = builtEngineFolder();
  return withLock(`${folder}.lock`, log, async () => {
    if (!(await built())) await buildEngine(log);
    return { folder: join(folder, 'bin'), origin: 'built from its Go modules' };
  });
}

/** Returns the engine that is here already: on PATH, downloaded or built; undefined where there is none */
export const presentEngine = async (): Promise<Engine | undefined> =>
  (await onPath()) ?? (await downloaded()) ?? (await built());

async function onPath(): Promise<Engine | undefined> {
  // npm adds every node_modules/.bin to PATH, and so the wrapper, which is not an engine until it has downloaded one
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes(`node_modules${sep}`));
  for (const folder of folders) {
    if (folder !== '' && (await isExecutable(join(folder, 'pulumi')))) {
      return { folder: resolve(folder), origin: `found on PATH in ${folder}` };
    }
  }
  return undefined;
}

async function downloaded(): Promise<Engine | undefined> {
  const folder = join(pulumiHome(), 'versions', wrapperVersion, 'bin');
  return (await isExecutable(join(folder, 'pulumi'))) ? { folder, origin: `version ${wrapperVersion}` } : undefined;
}

async function built(): Promise<Engine | undefined> {
  const folder = join(builtEngineFolder(), 'bin');
  return (await isExecutable(join(folder, 'pulumi'))) ? { folder, origin: 'built from its Go modules' } : undefined;
}

async function download(log: (line: string) => void): Promise<Engine | undefined> {
  try {
    await withLock(join(cacheFolder(), 'engine-download.lock'), log, () =>
      runLogged(wrapper, ['version'], {
        log,
        env: { ...process.env, PULUMI_HOME: pulumiHome(), PULUMI_SKIP_UPDATE_CHECK: 'true' },
        timeoutSeconds: 300,
      }),
    );
  } catch (error) {
    log(`the engine could not be downloaded, so it is built: ${error instanceof Error ? error.message : error}`);
  }
  return downloaded();
}

/** Returns the user's own Pulumi folder, whose downloads all projects share */
export function pulumiHome(): string {
  return process.env.PULUMI_HOME ?? join(homedir(), '.pulumi');
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Returns `PATH` with the engine's folder first, so that the CLI and its language host are found */
export function pathWith(engine: Engine): string {
  return [engine.folder, dirname(process.execPath), process.env.PATH ?? ''].join(delimiter);
}
