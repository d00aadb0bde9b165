import { fileURLToPath } from 'node:url';
import { type Captured, captured } from '../src/process/captured.ts';
import { linter } from '../tools/lib/linters.ts';

const scripts = fileURLToPath(new URL('../load', import.meta.url));

/**
 * Runs the real k6, compiled by the first test on a computer that needs it
 * @param outputs file with the outputs of a stack
 */
export async function k6(
  command: 'inspect' | 'run',
  script: string,
  outputs: string,
  ...more: string[]
): Promise<Captured> {
  const program = await linter('k6', () => undefined);
  const quiet = command === 'run' ? ['--quiet', '--no-color', '--no-usage-report'] : [];
  const words = [command, ...quiet, ...more, '-e', `OUTPUTS=${outputs}`, script];
  return captured(program, words, { cwd: scripts, env: process.env });
}
