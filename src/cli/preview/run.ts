import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captured } from '../../process/captured.ts';
import { type EngineStack, settingsOf } from '../../pulumi/stack.ts';
import { type EngineEvent, eventsOf } from './plan.ts';

/** Result of a preview, successful or not */
export interface PreviewRun {
  code: number | null;
  /** The engine's standard output */
  text: string;
  /** The engine's standard error */
  said: string;
  events: readonly EngineEvent[];
}

/**
 * Runs `pulumi preview --diff` on a stack; changes nothing
 * @param more further arguments, such as `--refresh`
 */
export async function runPreview(on: EngineStack, more: readonly string[] = []): Promise<PreviewRun> {
  // The log contains internal messages with secrets in plain text: it is in a folder that only its owner can read (as
  // mkdtemp makes it) and is deleted after the run
  const folder = await mkdtemp(join(tmpdir(), 'berth-preview-'));
  try {
    const log = join(folder, 'events');
    const args = ['preview', '--diff', '--stack', on.stack, ...settingsOf(on), ...more, '--event-log', log];
    const run = await captured('pulumi', [...args, '--non-interactive', '--color', 'never'], {
      cwd: on.project,
      // --event-log is one of the engine's debugging options
      env: { ...on.environment, PULUMI_DEBUG_COMMANDS: 'true' },
    });
    // An engine that fails early writes no log
    const events = eventsOf(await readFile(log, 'utf8').catch(() => ''));
    return { code: run.code, text: run.stdout, said: run.stderr, events };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
