import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gateVariable } from '../../gate.ts';
import { runAttached } from '../../process/attached.ts';
import { interruptedByUser } from '../../process/interrupt.ts';
import { type EngineStack, settingsOf } from '../../pulumi/stack.ts';
import { stackHistory, type Update } from '../history.ts';
import { openGate } from './gate.ts';
import { lockedLine, lockHolder } from './lock.ts';
import type { Steps } from './release.ts';
import type { Locked } from './turn.ts';

interface Given {
  /** By which the engine's history tells this update from all others */
  message: string;
  /** The one that is deployed alone; without it, all are */
  system?: string;
  /** Whether this, the last update that the history has, is the one that may be gone over */
  stands(last: Update | undefined): boolean;
}

/**
 * Runs `pulumi up` on the terminal, once. Whether the stack stands as it was read is asked when the engine has its lock and
 * before anything is changed: an update that ended meanwhile is gone over by nobody who doesn't know it.
 * @throws when a person interrupts it
 */
export async function up(
  on: EngineStack,
  { message, system, stands }: Given,
): Promise<Awaited<ReturnType<Steps['up']>> | Locked> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-gate-'));
  let moved = false;
  const socket = join(folder, 'gate');
  const gate = await openGate(socket, async () => {
    moved = !stands((await stackHistory(on, 1))[0]);
    return moved ? 'the stack was deployed meanwhile by somebody else: nothing is changed' : undefined;
  });
  const complaints: string[] = [];
  try {
    const code = await runAttached('pulumi', upArguments(on, message, system), {
      cwd: on.project,
      env: { ...on.environment, [gateVariable]: socket },
      // Of a lock is told by who waits for it, the engine's words would be repeated every few seconds
      complaint: (line) => {
        if (complaints.length > 0 || lockedLine.test(line)) complaints.push(line);
        else process.stderr.write(`${line}\n`);
      },
    });
    if (interruptedByUser()) throw new Error(`interrupted: nothing is put back, deploy stack ${on.stack} again`);
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
 * What the engine is called with. Its preview is not skipped: what is protected is checked there as a whole, while an
 * update meets it resource by resource and carries out all the others.
 */
export function upArguments(on: EngineStack, message: string, system?: string): readonly string[] {
  return [
    ...['up', '--yes', '--stack', on.stack, '--message', message],
    ...['--suppress-permalink=true', '--suppress-outputs'],
    ...settingsOf(on),
    // Every resource of a system is named so
    ...(system === undefined ? [] : ['--target', `**::${system}`, '--target', `**::${system}-*`]),
  ];
}
