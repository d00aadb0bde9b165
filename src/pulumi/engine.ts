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

/** The version that npm's wrapper downloads: the pin of the `pulumi` package. */
export const wrapperVersion = '3.265.0';
const wrapper = join(dirname(createRequire(import.meta.url).resolve('pulumi/package.json')), 'run.js');

export interface Engine {
  /** The folder that holds `pulumi` and, beside it, the host for Node programs. */
  folder: string;
  /** Where it came from, for people. */
  origin: string;
}

/**
 * Gives a Pulumi engine: one on PATH, else the one that npm's wrapper downloads, else one built from its pinned Go
 * modules. What an earlier run downloaded or built is taken before the network is asked.
 * @throws when none can be had, with what to install
 */
export async function findEngine(log: (line: string) => void): Promise<Engine> {
  const ready = (await onPath()) ?? (await downloaded()) ?? (await built());
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

async function onPath(): Promise<Engine | undefined> {
  // npm puts every node_modules/.bin on PATH, and with it the wrapper, which is no engine before it has downloaded one.
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

/** The user's own Pulumi folder: what is downloaded there is shared by all projects. */
export function pulumiHome(): string {
  return process.env.PULUMI_HOME ?? join(homedir(), '.pulumi');
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** `PATH` with the engine's folder in front, so that the CLI and its language host are found. */
export function pathWith(engine: Engine): string {
  return [engine.folder, dirname(process.execPath), process.env.PATH ?? ''].join(delimiter);
}
