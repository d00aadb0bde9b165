import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portsFile } from '../../clouds/local/setUp/ports.ts';
import { prepareComputer, prepareDocker, prepareEngine } from '../../clouds/local/setUp/prepare.ts';
import { destroy, sweep } from '../../clouds/local/setUp/stack.ts';
import { findProject, readEnvironmentFile } from '../../config/file.ts';
import { systemNames } from '../../config/walk.ts';
import { interrupted, together } from '../../process/interrupt.ts';
import { withLock } from '../../process/lock.ts';
import { createProgress, duration, type Progress } from '../../process/progress.ts';
import { type Place, placeIn, stackExists, stackFile } from '../../pulumi/place.ts';
import { withoutSystems } from '../deploy/stackText.ts';
import { stackSecrets } from '../preview/scrub.ts';
import { failureText, liveIn, lookFurther, tellEnding } from '../watch/ending.ts';
import type { Watch } from '../watch/watch.ts';
import { chosenSystems, refuseUnknown } from './chosen.ts';
import { deployLocal } from './deploy.ts';
import { addSystems, allSystems, knownSystems, makeLocalFile } from './localFile.ts';
import { localStack as stack } from './localStack.ts';
import { loginsOfStack } from './logins.ts';
import { wantedIn } from './wanted.ts';
import { welcome } from './welcome.ts';

/** The same as the default of `berth deploy --wait` */
const healthSeconds = 120;

export interface Asked {
  /** Systems that were named; empty means all of the file */
  named: readonly string[];
  /** Whether all systems of the project are meant */
  all: boolean;
  direction: 'up' | 'down';
  /** Whether images come from their registries, where those hand them out */
  fromRegistries: boolean;
  watch: Watch;
}

/**
 * Brings the project's local stack up or down, on the terminal. Another command that does so at the same time waits.
 * @returns the exit code
 */
export function bring(asked: Asked): Promise<number> {
  const project = findProject(process.cwd());
  const place = placeIn(project, stack);
  const committed = join(project, `Pulumi.${stack}.yaml`);
  return withLock(join(place.folder, `${stack}.lock`), console.log, () => bringAlone(asked, place, committed));
}

async function bringAlone(
  { named, all, direction, fromRegistries, watch }: Asked,
  place: Place,
  committed: string,
): Promise<number> {
  const isDown = direction === 'down';
  const made = isDown ? undefined : makeLocalFile(committed);
  if (made !== undefined) console.log(made);
  // Taking everything down must work with a broken file too
  if (isDown && (all || named.length === 0)) return takeDown(place, progressOf(place), watch);
  const before = systemsIn(committed);
  const standing = stackExists(place) ? systemsIn(stackFile(place)) : [];
  const wanted = all ? allSystems() : named;
  refuseUnknown(wanted, [...before, ...standing, ...(isDown ? [] : knownSystems())]);
  const added = isDown ? undefined : addSystems(committed, before, wanted);
  if (added !== undefined) console.log(added);
  const declared = systemsIn(committed);
  const chosen = chosenSystems({ declared, standing, named: wanted, direction });
  if (chosen.length === 0) return takeDown(place, progressOf(place), watch);
  const others = declared.filter((name) => !chosen.includes(name));
  const folder = await mkdtemp(join(tmpdir(), 'berth-local-'));
  try {
    const file = join(folder, `Pulumi.${stack}.yaml`);
    await writeFile(file, withoutSystems(await readFile(committed, 'utf8'), others), { mode: 0o600 });
    return await bringUp(place, file, fromRegistries, watch);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const systemsIn = (file: string): readonly string[] => systemNames(readEnvironmentFile(file, stack).config);

const progressOf = ({ folder }: Place): Progress => createProgress(join(folder, 'logs'));

/**
 * Brings the stack up
 * @param committed the committed environment file
 */
async function bringUp(place: Place, committed: string, fromRegistries: boolean, watch: Watch): Promise<number> {
  const progress = progressOf(place);
  const wanted = { ...wantedIn(committed, stack), fromRegistries };
  const { environment } = await prepareComputer(place, progress, committed, wanted);
  progress.summary();
  const deployedAt = Date.now();
  if (watch.json) watch.hide(await secretsOf(place, environment));
  const command = { place, environment, engine: watch.engine };
  const ended = await deployLocal(command, healthSeconds).catch((error: Error) => {
    if (!interrupted.aborted) tellFailure(watch);
    throw error;
  });
  if (!ended.healthy) {
    tellFailure(watch, liveIn(ended));
    return 1;
  }
  console.log(welcome(ended.deployed, await loginsOfStack(place)));
  tellEnding(watch, {
    ...{ result: 'deployed', live: liveIn(ended), next: `npx berth status ${stack}` },
    took: `${duration((Date.now() - deployedAt) / 1000)}, ${duration(watch.seconds())} in all`,
  });
  return 0;
}

/** @param live what answers, although not all is healthy */
function tellFailure(watch: Watch, live?: Record<string, string>): void {
  const failure = watch.failure();
  const text = (failure && failureText(failure)) || 'not everything is healthy, see above';
  tellEnding(watch, { result: 'failed', failed: text, live, next: lookFurther(stack, failure) });
}

const secretsOf = (place: Place, environment: NodeJS.ProcessEnv): Promise<readonly string[]> =>
  stackSecrets({ stack, project: place.project, folder: place.folder, environment, configFile: stackFile(place) });

async function takeDown(place: Place, progress: Progress, watch: Watch): Promise<number> {
  const existed = stackExists(place);
  const [prepared] = await together([
    existed ? prepareEngine(place, progress) : Promise.resolve(undefined),
    prepareDocker(progress),
  ] as const);
  if (prepared) {
    const code = await destroy({ place, environment: prepared.environment, engine: watch.engine });
    if (code !== 0) throw new Error('not everything could be removed, see above: run the same command again');
  }
  const left = await sweep(place);
  for (const thing of left) console.log(`removed ${thing}, a leftover of an interrupted run`);
  await rm(portsFile(place), { force: true });
  console.log(existed || left.length > 0 ? 'everything is removed' : 'nothing is deployed here: nothing to remove');
  return 0;
}
