import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { interrupted } from './interrupt.ts';

/** Step of a set-up. `run` logs its actions line by line and returns the input of later stages. */
export interface Stage<T> {
  name: string;
  run(log: (line: string) => void): Promise<T>;
}

export interface RunOptions {
  /** Receives every line of standard output and standard error */
  log: (line: string) => void;
  cwd?: string;
  /** Complete environment. @default the environment of this process */
  env?: NodeJS.ProcessEnv;
  /** Standard input, closed afterwards. @default empty */
  input?: string;
  /** Aborting ends the program and its children. @default the user's interrupt */
  signal?: AbortSignal;
  /** @default no limit */
  timeoutSeconds?: number;
}

/**
 * Runs a program until it ends, without a shell, and returns its standard output
 * @throws if it can't be started, fails, times out or is interrupted; the message ends with its last 20 lines
 */
export function runLogged(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  const signal = options.signal ?? interrupted;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new Error(`${command} was not started: interrupted`));
    // In a process group of its own, so that one signal reaches the program and its children exactly once
    const child = spawn(command, args, { cwd: options.cwd, env: options.env ?? process.env, detached: true });
    const recent: string[] = [];
    const stdout: string[] = [];
    let reason: string | undefined;

    const stop = (why: string, first: NodeJS.Signals): void => {
      reason ??= why;
      signalGroup(child, first);
      setTimeout(() => signalGroup(child, 'SIGKILL'), 20_000).unref();
    };
    const onAbort = (): void => stop('was interrupted', 'SIGINT');
    signal.addEventListener('abort', onAbort);
    const timer =
      options.timeoutSeconds === undefined
        ? undefined
        : setTimeout(
            () => stop(`took longer than ${options.timeoutSeconds} s`, 'SIGTERM'),
            options.timeoutSeconds * 1000,
          );
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };

    eachLine(child.stdout, (line) => {
      stdout.push(line);
      remember(recent, line);
      options.log(line);
    });
    eachLine(child.stderr, (line) => {
      remember(recent, line);
      options.log(line);
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      settle();
      reject(new Error(error.code === 'ENOENT' ? `${command} is not installed or not on PATH` : error.message));
    });
    child.once('close', (code, endSignal) => {
      settle();
      if (code === 0 && reason === undefined) return resolve(stdout.map((line) => `${line}\n`).join(''));
      const outcome = reason ?? (code === null ? `ended by ${endSignal}` : `failed with exit code ${code}`);
      reject(new Error([`${[command, ...args].join(' ')} ${outcome}`, ...recent].join('\n')));
    });
    // A program that ends before it has read its input is judged by its exit code, not by the broken pipe
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

function eachLine(stream: Readable, report: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', report);
}

function remember(recent: string[], line: string): void {
  recent.push(line);
  if (recent.length > 20) recent.shift();
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has already ended
  }
}
