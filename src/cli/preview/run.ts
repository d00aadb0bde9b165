import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captured } from '../../process/captured.ts';
import { type EngineStack, settingsOf } from '../../pulumi/stack.ts';
import { type EngineEvent, eventsOf } from './plan.ts';

/** A preview that has ended, well or not */
export interface PreviewRun {
  code: number | null;
  /** The engine's own text */
  text: string;
  /** What it complained of */
  said: string;
  events: readonly EngineEvent[];
}

/**
 * Runs `pulumi preview --diff` on a stack; nothing is changed.
 * @param more further arguments, such as `--refresh`
 */
export async function runPreview(on: EngineStack, more: readonly string[] = []): Promise<PreviewRun> {
  // The log tells the engine's innermost messages too, secrets in clear among them: it lies where its owner alone may
  // look (mkdtemp makes such folders), and goes with the run
  const folder = await mkdtemp(join(tmpdir(), 'berth-preview-'));
  try {
    const log = join(folder, 'events');
    const args = ['preview', '--diff', '--stack', on.stack, ...settingsOf(on), ...more, '--event-log', log];
    const run = await captured('pulumi', [...args, '--non-interactive', '--color', 'never'], {
      cwd: on.project,
      // --event-log is one of the commands for looking inside the engine
      env: { ...on.environment, PULUMI_DEBUG_COMMANDS: 'true' },
    });
    // An engine that failed before it began has written none
    const events = eventsOf(await readFile(log, 'utf8').catch(() => ''));
    return { code: run.code, text: run.stdout, said: run.stderr, events };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
