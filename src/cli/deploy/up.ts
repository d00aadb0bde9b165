import { runAttached } from '../../../tools/lib/attached.ts';
import { interruptedByUser } from '../../../tools/lib/interrupt.ts';
import { type EngineStack, settingsOf } from '../engine.ts';
import { stackHistory } from '../history.ts';
import type { Steps } from './release.ts';

/**
 * Runs `pulumi up` on the terminal.
 * @param system the one that is deployed alone; without it, all are
 * @throws when a person interrupts it
 */
export async function up(on: EngineStack, system?: string): ReturnType<Steps['up']> {
  // By which the engine's own history tells whether it began
  const message = `berth deploy, ${new Date().toISOString()}`;
  const code = await runAttached('pulumi', upArguments(on, message, system), { cwd: on.project, env: on.environment });
  if (interruptedByUser()) throw new Error(`interrupted: nothing is put back, deploy stack ${on.stack} again`);
  if (code === 0) return 'done';
  const hasBegun = (await stackHistory(on, 5)).some((update) => update.message === message);
  return hasBegun ? 'failed' : 'refused';
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
