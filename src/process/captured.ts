import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** Result of a program that has ended, with success or not */
export interface Captured {
  /** `null` if a signal ended it */
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs a program until it ends and returns its output
 * @param options working directory, environment, and standard input. @default no input
 * @throws if it can't be started
 */
export async function captured(
  command: string,
  args: readonly string[],
  { input, ...options }: { cwd: string; env: NodeJS.ProcessEnv; input?: string | undefined },
): Promise<Captured> {
  const child = spawn(command, [...args], { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  // A program that ends before it has read its input reports that by its exit code
  child.stdin.on('error', () => undefined).end(input);
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve, reject) => child.on('close', resolve).on('error', reject)),
  ]);
  return { code, stdout, stderr };
}
