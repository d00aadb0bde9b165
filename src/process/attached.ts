import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { interrupted } from './interrupt.ts';

interface Options {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Is given each line of standard output. @default it is shown on the terminal */
  said?(line: string): void;
  /** Is given each line of standard error. @default it is shown on the terminal */
  complaint?(line: string): void;
}

/**
 * Runs a program and returns its exit code. On an interrupt it is signalled once and awaited, so that an engine finishes
 * started operations and unlocks its state.
 */
export function runAttached(
  command: string,
  args: readonly string[],
  { said, complaint, ...options }: Options,
): Promise<number> {
  return new Promise((resolve, reject) => {
    // In a session of its own, so that the terminal's Ctrl-C reaches it only through this process, once: a second
    // signal makes the engine stop immediately
    const child = spawn(command, args, {
      ...options,
      stdio: ['inherit', said ? 'pipe' : 'inherit', complaint ? 'pipe' : 'inherit'],
      detached: true,
    });
    if (said && child.stdout) createInterface({ input: child.stdout }).on('line', said);
    if (complaint && child.stderr) createInterface({ input: child.stderr }).on('line', complaint);
    const onAbort = (): void => {
      child.kill('SIGINT');
    };
    interrupted.addEventListener('abort', onAbort);
    child.once('error', reject);
    child.once('close', (code) => {
      interrupted.removeEventListener('abort', onAbort);
      resolve(code ?? 1);
    });
  });
}
