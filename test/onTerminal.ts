import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { checkout } from '../src/paths.ts';
import { Terminal } from './terminal.ts';

/** A program on a terminal of its own */
export interface OnTerminal {
  terminal: Terminal;
  /** Everything that it wrote, with control sequences */
  written(): string;
  /** Resolves once it has written this */
  until(text: RegExp): Promise<void>;
  resize(columns: number): void;
  /** Ctrl-C */
  interrupt(): void;
  /** Presses keys */
  type(keys: string): void;
  /** Its exit code */
  done: Promise<number | null>;
}

const rows = 24;

export function onTerminal(
  command: readonly string[],
  { cwd, env = process.env, columns = 80 }: { cwd: string; env?: NodeJS.ProcessEnv; columns?: number },
): OnTerminal {
  const { CI: _, ...own } = env;
  const words = [join(checkout, 'test/terminal.py'), `${columns}`, `${rows}`, ...command];
  const child = spawn('python3', words, { cwd, env: { ...own, TERM: 'xterm-256color' } });
  const terminal = new Terminal(columns);
  const decoder = new StringDecoder('utf8');
  let written = '';
  child.stdout.on('data', (data: Buffer) => {
    const text = decoder.write(data);
    written += text;
    terminal.write(text);
  });
  const done = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const type = (keys: string): void => void child.stdin.write(`key ${Buffer.from(keys).toString('hex')}\n`);
  return {
    ...{ terminal, done, type, written: () => written },
    interrupt: () => type('\x03'),
    resize(to) {
      terminal.resize(to);
      child.stdin.write(`size ${to} ${rows}\n`);
    },
    until: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (text.test(written)) resolve();
        };
        child.stdout.on('data', look);
        child.once('close', () => reject(new Error(`it ended without ${text}:\n${written}`)));
        look();
      }),
  };
}
