import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** A program that has ended, well or not */
export interface Captured {
  /** Nothing where a signal ended it */
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs a program to its end and gives what it printed.
 * @param options its folder and environment, and what it reads: nothing unless given
 * @throws where it can't be started
 */
export async function captured(
  command: string,
  args: readonly string[],
  { input, ...options }: { cwd: string; env: NodeJS.ProcessEnv; input?: string | undefined },
): Promise<Captured> {
  const child = spawn(command, [...args], { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  // Who ends before it has read says so by its code
  child.stdin.on('error', () => undefined).end(input);
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve, reject) => child.on('close', resolve).on('error', reject)),
  ]);
  return { code, stdout, stderr };
}
