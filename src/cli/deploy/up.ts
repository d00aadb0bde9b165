import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gateVariable } from '../../gate.ts';
import { interruptedByUser } from '../../process/interrupt.ts';
import type { RunEngine } from '../../pulumi/run.ts';
import { type EngineStack, settingsOf } from '../../pulumi/stack.ts';
import { stackHistory, type Update } from '../history.ts';
import { createWatch } from '../watch/watch.ts';
import { openGate } from './gate.ts';
import { lockedLine, lockHolder } from './lock.ts';
import type { Steps } from './release.ts';
import type { Locked } from './turn.ts';

/** Part of a stack that is deployed alone: a system, or some machines of it */
export interface Part {
  system: string;
  /** Names of machines. @default all of the system */
  machines?: readonly string[];
}

interface Given {
  /** Message that identifies this update in the engine's history */
  message: string;
  /** What is deployed alone; all without it */
  part?: Part;
  /** Whether this last update in the history may be replaced */
  stands(last: Update | undefined): boolean;
  /** @default shown as deployments are */
  engine?: RunEngine;
}

/**
 * Runs `pulumi up` once, shown on the terminal. When the engine has the lock and before it changes anything, `stands` checks
 * the last update, so that an update that ended meanwhile is not overwritten unread.
 * @throws when a person interrupts it
 */
export async function deployOnce(
  on: EngineStack,
  { message, part, stands, engine = createWatch().engine }: Given,
): Promise<Awaited<ReturnType<Steps['up']>> | Locked> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-gate-'));
  let moved = false;
  const socket = join(folder, 'gate');
  const gate = await openGate(socket, async () => {
    moved = !stands((await stackHistory(on, 1))[0]);
    return moved ? 'the stack was deployed by somebody else in the meantime: nothing is changed' : undefined;
  });
  const complaints: string[] = [];
  try {
    const code = await engine(upArguments(on, message, part), {
      cwd: on.project,
      env: { ...on.environment, [gateVariable]: socket },
      // The caller reports a lock; the engine would repeat its message every few seconds
      kept: (line) => {
        const isAboutLock = complaints.length > 0 || lockedLine.test(line);
        if (isAboutLock) complaints.push(line);
        return isAboutLock;
      },
    });
    if (interruptedByUser()) throw new Error(`interrupted: no rollback, deploy stack ${on.stack} again`);
    if (code === 0) return 'done';
    if (moved) return 'moved';
    const locked = lockHolder(complaints.join('\n'));
    if (locked !== undefined) return { locked };
    const hasBegun = (await stackHistory(on, 5)).some((update) => update.message === message);
    return hasBegun ? 'failed' : 'refused';
  } finally {
    await gate.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Returns the engine's arguments. The preview is not skipped: it checks protection for all resources at once, while an
 * update finds a protected resource only after it has changed others.
 */
export function upArguments(on: EngineStack, message: string, part?: Part): readonly string[] {
  return [
    ...['up', '--yes', '--stack', on.stack, '--message', message],
    ...['--suppress-permalink=true', '--suppress-outputs'],
    ...settingsOf(on),
    ...(part ? targetsOf(part) : []),
  ];
}

/** Returns the arguments that limit the engine to a part: the names of all its resources have these forms */
export const targetsOf = ({ system, machines }: Part): readonly string[] =>
  (machines ?? [system]).flatMap((name) => ['--target', `**::${name}`, '--target', `**::${name}-*`]);
