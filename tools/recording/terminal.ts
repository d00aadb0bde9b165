import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import type { Moment } from './frames.ts';

interface Terminal {
  write(data: Uint8Array | string, done: () => void): void;
  buffer: { active: Buffered };
}

interface Buffered {
  baseY: number;
  length: number;
  getLine(line: number): { translateToString(trimmed: boolean): string } | undefined;
}

/** A program's emulator of terminals, from the package that `linter` has installed at a path */
export function terminalOf(place: string, columns: number, rows: number): Terminal {
  const { Terminal: Emulator } = createRequire(place)('@xterm/headless');
  return new Emulator({ cols: columns, rows, scrollback: 5000, allowProposedApi: true, convertEol: true });
}

/**
 * Runs commands on a terminal of their own, one after the other, each typed before it is run
 * @param report what they write, as they write it
 * @throws where one fails
 */
export async function recorded(
  commands: readonly string[],
  cwd: string,
  { terminal, columns, rows }: { terminal: Terminal; columns: number; rows: number },
  report: (text: string) => void,
): Promise<readonly Moment[]> {
  const startedAt = Date.now();
  const moments: Moment[] = [];
  let typed = 0;
  const write = (data: Buffer | string): Promise<void> =>
    new Promise((resolve) =>
      terminal.write(data, () => {
        moments.push({ typed, worked: (Date.now() - startedAt) / 1000, ...seen(terminal.buffer.active) });
        resolve();
      }),
    );
  for (const command of commands) {
    for (const letter of `$ ${command}`) {
      typed += 0.06;
      await write(letter);
    }
    typed += 0.5;
    await write('\r\n');
    await onTerminal(`stty cols ${columns} rows ${rows}; ${command}`, cwd, (data) => {
      report(data.toString());
      return write(data);
    });
  }
  return moments;
}

const seen = (buffer: Buffered): Pick<Moment, 'top' | 'lines'> => ({
  top: buffer.baseY,
  lines: Array.from(
    { length: buffer.length },
    (_, line) => buffer.getLine(line)?.translateToString(true).trimEnd() ?? '',
  ),
});

/** `script` gives a program a terminal */
function onTerminal(command: string, cwd: string, read: (data: Buffer) => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('script', ['-qefc', command, '/dev/null'], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    let written = Promise.resolve();
    child.stdout.on('data', (data: Buffer) => {
      written = written.then(() => read(data));
    });
    child.once('error', reject);
    child.once('close', async (code) => {
      await written;
      if (code === 0) resolve();
      else reject(new Error(`${command} failed with exit code ${code}`));
    });
  });
}
