import { execFile } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { runAttached } from '../process/attached.ts';

/** Runs `pulumi`, shows what happens and returns the exit code */
export type RunEngine = (
  args: readonly string[],
  options: {
    cwd: string;
    env: NodeJS.ProcessEnv;
    /** Returns whether a line of standard error is not to be shown */
    kept?(line: string): boolean;
  },
) => Promise<number>;

interface Listener {
  /** Is given each event of the engine, as the text of a JSON object */
  event(line: string): void;
  said(line: string): void;
  complaint(line: string): void;
}

/**
 * Runs `pulumi` and gives its events away while they happen. They come through a pipe in a folder that only its owner can
 * read, because some contain secrets in plain text.
 */
export async function runWithEvents(
  args: readonly string[],
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
  { event, said, complaint }: Listener,
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-events-'));
  const pipe = join(folder, 'events');
  await promisify(execFile)('mkfifo', ['-m', '600', pipe]);
  // Open for writing too, so that it does not end between the engine's preview and its update
  const fd = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
  const socket = new Socket({ fd, readable: true, writable: true });
  const ended = new Promise<void>((resolve) => {
    createInterface({ input: socket }).on('line', (line) => {
      if (line === lastLine) resolve();
      else if (line !== '') event(line);
    });
  });
  try {
    const words = [...args, '--non-interactive', '--color', 'never', '--event-log', pipe];
    // --event-log is one of the engine's debugging options
    const code = await runAttached('pulumi', words, {
      ...{ cwd, env: { ...env, PULUMI_DEBUG_COMMANDS: 'true' } },
      ...{ said, complaint },
    });
    socket.write(`\n${lastLine}\n`);
    await ended;
    return code;
  } finally {
    socket.destroy();
    await rm(folder, { recursive: true, force: true });
  }
}

const lastLine = 'all events were read';
