import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { interrupted } from './interrupt.ts';

/**
 * Runs a program that shows its own progress on the terminal, and returns its exit code. On an interrupt it is
 * signalled once and awaited, so that an engine finishes started operations and unlocks its state.
 * @param options.complaint receives each line of standard error, which is then not shown on the terminal
 */
export function runAttached(
  command: string,
  args: readonly string[],
  { complaint, ...options }: { cwd: string; env: NodeJS.ProcessEnv; complaint?: (line: string) => void },
): Promise<number> {
  return new Promise((resolve, reject) => {
    // In a session of its own, so that the terminal's Ctrl-C reaches it only through this process, once: a second
    // signal makes the engine stop immediately
    const child = spawn(command, args, {
      ...options,
      stdio: ['inherit', 'inherit', complaint ? 'pipe' : 'inherit'],
      detached: true,
    });
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
