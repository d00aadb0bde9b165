import { runAttached } from '../../../process/attached.ts';
import { runLogged } from '../../../process/stage.ts';
import { type Place, projectName, stackFile } from '../../../pulumi/place.ts';
import { dropDeadLocks } from '../../../pulumi/stateLock.ts';
import { ownerOf } from '../provider/owner.ts';
import { forgetDeployed, isAsDeployed, noteDeployed } from './deployed.ts';

export interface StackCommand {
  place: Place;
  environment: NodeJS.ProcessEnv;
}

/**
 * Brings a place's stack up to its file, on the terminal. A preview that looks at every machine comes first; where it
 * finds nothing to change, and file and program are those of the last deployment, nothing more is done. Returns the
 * engine's exit code.
 */
export async function bringUp(command: StackCommand): Promise<number> {
  const { place } = command;
  const isKnown = await isAsDeployed(place);
  if (isKnown) {
    const found = await change('preview', command, ['--refresh', '--expect-no-changes']);
    // The preview bundles the program anew if its sources have changed
    if (found !== 'changes' && (found !== 0 || (await isAsDeployed(place)))) return found;
  }
  const code = await run('up', command, ['--yes', '--refresh', ...(isKnown ? ['--skip-preview'] : [])]);
  if (code === 0) await noteDeployed(place);
  return code;
}

/** Deletes all resources of a stack, on the terminal, and then its state. Returns the engine's exit code. */
export async function destroy(command: StackCommand): Promise<number> {
  const { place, environment } = command;
  await forgetDeployed(place);
  const code = await run('destroy', command, ['--yes']);
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
    const names = (await docker([...list, '--filter', filter])).split('\n').filter((name) => name !== '');
    if (names.length > 0) await docker([...remove, ...names]);
    removed.push(...names.map((name) => `${kind} ${name}`));
  }
  return removed;
}

const unexpected = 'no changes were expected but changes were proposed';

/** Runs the engine, and returns `changes` where `--expect-no-changes` found some */
async function change(verb: string, command: StackCommand, more: readonly string[]): Promise<number | 'changes'> {
  let found = false;
  const code = await run(verb, command, more, (line) => {
    if (line.includes(unexpected)) found = true;
    else console.error(line);
  });
  return found ? 'changes' : code;
}

/** Runs the engine on the terminal, and returns its exit code */
async function run(
  verb: string,
  { place, environment }: StackCommand,
  more: readonly string[],
  complaint?: (line: string) => void,
): Promise<number> {
  await dropDeadLocks(place);
  const stack = ['--stack', place.stack, '--config-file', stackFile(place)];
  const quiet = ['--suppress-permalink=true', '--suppress-outputs'];
  return runAttached('pulumi', [verb, ...more, ...stack, ...quiet], {
    cwd: place.project,
    env: environment,
    ...(complaint && { complaint }),
  });
}

function docker(args: readonly string[]): Promise<string> {
  return runLogged('docker', args, { log: () => undefined, timeoutSeconds: 120 });
}
