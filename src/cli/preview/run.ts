import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineStack } from '../engine.ts';
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
    const settings = on.configFile === undefined ? [] : ['--config-file', on.configFile];
    const args = ['preview', '--diff', '--stack', on.stack, ...settings, ...more, '--event-log', log];
    const child = spawn('pulumi', [...args, '--non-interactive', '--color', 'never'], {
      cwd: on.project,
      // --event-log is one of the commands for looking inside the engine
      env: { ...on.environment, PULUMI_DEBUG_COMMANDS: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [text, said, code] = await Promise.all([
      all(child.stdout),
      all(child.stderr),
      new Promise<number | null>((resolve, reject) => child.on('close', resolve).on('error', reject)),
    ]);
    // An engine that failed before it began has written none
    const events = eventsOf(await readFile(log, 'utf8').catch(() => ''));
    return { code, text, said, events };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function all(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) text += chunk;
  return text;
}
