import { setTimeout as sleep } from 'node:timers/promises';
import { runLogged } from '../../../process/stage.ts';
import { type Place, projectName, stackFile } from '../../../pulumi/place.ts';
import type { RunEngine } from '../../../pulumi/run.ts';
import { dropDeadLocks } from '../../../pulumi/stateLock.ts';
import { ownerOf } from '../provider/owner.ts';
import { changedImages, forgetDeployed, noteDeployed } from './deployed.ts';
import { standing } from './stands.ts';

export interface StackCommand {
  place: Place;
  environment: NodeJS.ProcessEnv;
  /** Runs the engine and shows what happens */
  engine: RunEngine;
}

/**
 * Brings a place's stack up to its file, shown on the terminal. Where file, sources and state are those of the last complete
 * deployment and everything on this computer stands, the engine is not run; where only images have changed, what a preview
 * would say is known, and it is left out; where something does not stand, the engine refreshes first. Returns the engine's
 * exit code.
 * @param look returns how many things stand, undefined where one does not. @default looks at this computer
 */
export async function bringUp(command: StackCommand, look: typeof standing = standing): Promise<number> {
  const { place } = command;
  const stands = await look(place);
  const images = stands === undefined ? undefined : await changedImages(place);
  if (images?.length === 0) {
    console.log(`nothing has changed since the last deployment: all ${stands} parts on this computer stand`);
    return 0;
  }
  // A deployment that does not reach its end is repeated
  await forgetDeployed(place);
  if (images) console.log(`plan: nothing changes but images, ${images.join(', ')}`);
  const how = images ? ['--skip-preview'] : [];
  const code = await change('up', command, stands === undefined ? ['--refresh'] : how);
  if (code === 0) await noteDeployed(place);
  return code;
}

/** Deletes all resources of a stack, shown on the terminal, and then its state. Returns the engine's exit code. */
export async function destroy(command: StackCommand): Promise<number> {
  const { place, environment } = command;
  await forgetDeployed(place);
  const code = await change('destroy', command);
  if (code !== 0) return code;
  // Not `destroy --remove`, which would delete the user's environment file
  await runLogged('pulumi', ['stack', 'rm', '--yes', '--preserve-config', '--stack', place.stack], {
    cwd: place.project,
    env: environment,
    log: () => undefined,
    timeoutSeconds: 60,
  });
  return 0;
}

/** Returns the label of everything that a stack creates on the docker engine */
export const stackLabel = (place: Place): string => `berth.stack=${stackOwner(place)}`;

/** Returns the value of that label */
export function stackOwner({ stack, project }: Place): string {
  return ownerOf(`urn:pulumi:${stack}::${projectName(project)}::any`, project)['berth.stack'];
}

/**
 * Removes containers, networks and volumes with the stack's label. They remain only if an engine was killed before it
 * had written its state. Returns the names of what was removed.
 */
export async function sweep(place: Place): Promise<string[]> {
  const filter = `label=${stackLabel(place)}`;
  const removed: string[] = [];
  for (const { kind, list, remove } of [
    { kind: 'container', list: ['ps', '--all', '--quiet'], remove: ['rm', '--force', '--volumes'] },
    { kind: 'network', list: ['network', 'ls', '--quiet'], remove: ['network', 'rm'] },
    { kind: 'volume', list: ['volume', 'ls', '--quiet'], remove: ['volume', 'rm'] },
  ]) {
    const left = async () => (await docker([...list, '--filter', filter])).split('\n').filter((name) => name !== '');
    const names = await left();
    await removedAll(names, left, remove);
    removed.push(...names.map((name) => `${kind} ${name}`));
  }
  return removed;
}

/** Removes things of a kind; docker frees a network a moment after it says that the last container is gone */
async function removedAll(
  names: readonly string[],
  left: () => Promise<readonly string[]>,
  remove: readonly string[],
): Promise<void> {
  for (const end = Date.now() + 20_000; names.length > 0; names = await left()) {
    try {
      await docker([...remove, ...names]);
      return;
    } catch (error) {
      if (!/active endpoints/.test((error as Error).message)) throw error;
      // Docker may have lost what it was of: such a network goes when docker starts anew
      if (Date.now() > end) return;
      await sleep(500);
    }
  }
}

async function change(
  verb: string,
  { place, environment, engine }: StackCommand,
  more: readonly string[] = [],
): Promise<number> {
  await dropDeadLocks(place);
  const stack = ['--stack', place.stack, '--config-file', stackFile(place)];
  const quiet = ['--suppress-permalink=true', '--suppress-outputs'];
  return engine([verb, '--yes', ...more, ...stack, ...quiet], { cwd: place.project, env: environment });
}

function docker(args: readonly string[]): Promise<string> {
  return runLogged('docker', args, { log: () => undefined, timeoutSeconds: 120 });
}
