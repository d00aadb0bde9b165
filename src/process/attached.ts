import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { interrupted } from './interrupt.ts';

/**
 * Runs a program that shows its own progress on our terminal, and gives its exit code. When we are interrupted it is
 * asked once to end, and waited for: an engine then finishes what it has begun and unlocks its state.
 * @param options.complaint takes each line of its standard error, which then does not go to the terminal by itself
 */
export function runAttached(
  command: string,
  args: readonly string[],
  { complaint, ...options }: { cwd: string; env: NodeJS.ProcessEnv; complaint?: (line: string) => void },
): Promise<number> {
  return new Promise((resolve, reject) => {
    // A session of its own, so that it gets the terminal's Ctrl-C from us, once: twice means "at once" to the engine.
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
