import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareComputer, prepareDocker, prepareEngine } from '../../clouds/local/setUp/prepare.ts';
import { destroy, outputs, sweep } from '../../clouds/local/setUp/stack.ts';
import { findProject, readEnvironmentFile } from '../../config/file.ts';
import { together } from '../../process/interrupt.ts';
import { createProgress, duration, type Progress } from '../../process/progress.ts';
import { type Place, placeIn, stackExists, stackFile } from '../../pulumi/place.ts';
import { withoutSystems } from '../deploy/stackText.ts';
import { chosenSystems } from './chosen.ts';
import { deployLocal } from './deploy.ts';
import { makeFirstFile } from './firstFile.ts';
import { wantedIn } from './wanted.ts';
import { welcome } from './welcome.ts';

const stack = 'local';
/** The same as the default of `berth deploy --wait` */
const healthSeconds = 120;

/**
 * Brings the project's local stack up or down, on the terminal
 * @param named only these systems. @default all
 * @returns the exit code
 */
export async function bring(named: readonly string[], direction: 'up' | 'down'): Promise<number> {
  const project = findProject(process.cwd());
  const place = placeIn(project, stack);
  const committed = join(project, `Pulumi.${stack}.yaml`);
  const made = direction === 'up' ? makeFirstFile(committed) : undefined;
  if (made !== undefined) console.log(made);
  const progress = createProgress(join(place.folder, 'logs'));
  // Taking everything down must work with a broken file too
  if (named.length === 0) return direction === 'down' ? takeDown(place, progress) : bringUp(place, progress, committed);
  const declared = systemsIn(committed);
  const standing = stackExists(place) ? systemsIn(stackFile(place)) : [];
  const chosen = chosenSystems({ declared, standing, named, direction });
  if (chosen.length === 0) return takeDown(place, progress);
  const folder = await mkdtemp(join(tmpdir(), 'berth-local-'));
  try {
    const file = join(folder, `Pulumi.${stack}.yaml`);
    const others = declared.filter((name) => !chosen.includes(name));
    await writeFile(file, withoutSystems(await readFile(committed, 'utf8'), others), { mode: 0o600 });
    return await bringUp(place, progress, file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const systemsIn = (file: string): readonly string[] =>
  Object.keys(readEnvironmentFile(file, stack).config['berth:systems'] ?? {});

/**
 * Brings the stack up
 * @param committed the committed environment file
 */
async function bringUp(place: Place, progress: Progress, committed: string): Promise<number> {
  const startedAt = Date.now();
  const { environment } = await prepareComputer(place, progress, committed, wantedIn(committed, stack));
  progress.summary();
  const deployedAt = Date.now();
  const { healthy } = await deployLocal({ place, environment }, healthSeconds);
  if (!healthy) {
    console.error(
      '\nnot everything is healthy, see above; open a shell on a machine with npx berth ssh local <machine>',
    );
    return 1;
  }
  console.log(welcome(await outputs({ place, environment })));
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
  console.log(existed || left.length > 0 ? 'everything is removed' : 'nothing is deployed here: nothing to remove');
  return 0;
}

const since = (time: number): number => (Date.now() - time) / 1000;
