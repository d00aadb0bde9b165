import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portsFile } from '../../clouds/local/setUp/ports.ts';
import { prepareComputer, prepareDocker, prepareEngine } from '../../clouds/local/setUp/prepare.ts';
import { destroy, sweep } from '../../clouds/local/setUp/stack.ts';
import { findProject, readEnvironmentFile } from '../../config/file.ts';
import { systemNames } from '../../config/walk.ts';
import { together } from '../../process/interrupt.ts';
import { withLock } from '../../process/lock.ts';
import { createProgress, duration, type Progress } from '../../process/progress.ts';
import { type Place, placeIn, stackExists, stackFile } from '../../pulumi/place.ts';
import { withoutSystems } from '../deploy/stackText.ts';
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
  { named, all, direction, fromRegistries }: Asked,
  place: Place,
  committed: string,
): Promise<number> {
  const isDown = direction === 'down';
  const made = isDown ? undefined : makeLocalFile(committed);
  if (made !== undefined) console.log(made);
  // Taking everything down must work with a broken file too
  if (isDown && (all || named.length === 0)) return takeDown(place, progressOf(place));
  const before = systemsIn(committed);
  const standing = stackExists(place) ? systemsIn(stackFile(place)) : [];
  const wanted = all ? allSystems() : named;
  refuseUnknown(wanted, [...before, ...standing, ...(isDown ? [] : knownSystems())]);
  const added = isDown ? undefined : addSystems(committed, before, wanted);
  if (added !== undefined) console.log(added);
  const declared = systemsIn(committed);
  const chosen = chosenSystems({ declared, standing, named: wanted, direction });
  if (chosen.length === 0) return takeDown(place, progressOf(place));
  const others = declared.filter((name) => !chosen.includes(name));
  const folder = await mkdtemp(join(tmpdir(), 'berth-local-'));
  try {
    const file = join(folder, `Pulumi.${stack}.yaml`);
    await writeFile(file, withoutSystems(await readFile(committed, 'utf8'), others), { mode: 0o600 });
    return await bringUp(place, progressOf(place), file, fromRegistries);
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
async function bringUp(place: Place, progress: Progress, committed: string, fromRegistries: boolean): Promise<number> {
  const startedAt = Date.now();
  const wanted = { ...wantedIn(committed, stack), fromRegistries };
  const { environment } = await prepareComputer(place, progress, committed, wanted);
  progress.summary();
  const deployedAt = Date.now();
  const { healthy, deployed } = await deployLocal({ place, environment }, healthSeconds);
  if (!healthy) {
    console.error(
      '\nnot everything is healthy, see above; open a shell on a machine with npx berth ssh local <machine>',
    );
    return 1;
  }
  console.log(welcome(deployed, await loginsOfStack(place)));
  console.log(`\ndeployed in ${duration(since(deployedAt))}, ${duration(since(startedAt))} in all`);
  return 0;
}

async function takeDown(place: Place, progress: Progress): Promise<number> {
  const existed = stackExists(place);
  const [prepared] = await together([
    existed ? prepareEngine(place, progress) : Promise.resolve(undefined),
    prepareDocker(progress),
  ] as const);
  if (prepared) {
    const code = await destroy({ place, environment: prepared.environment });
    if (code !== 0) throw new Error('not everything could be removed, see above: run the same command again');
  }
  const left = await sweep(place);
  for (const thing of left) console.log(`removed ${thing}, a leftover of an interrupted run`);
  await rm(portsFile(place), { force: true });
  console.log(existed || left.length > 0 ? 'everything is removed' : 'nothing is deployed here: nothing to remove');
  return 0;
}

const since = (time: number): number => (Date.now() - time) / 1000;
