import { mkdir, open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { interrupted } from './interrupt.ts';
import { isRunning } from './running.ts';

const heartbeatSeconds = 5;
const staleSeconds = 60;

/**
 * Runs a task while no other process holds the lock file, waiting for it if necessary. A lock whose process has ended,
 * or that was not renewed for a minute, is taken over.
 *
 * The lock only avoids duplicate work: results must be put in place by a rename, so that two concurrent tasks would do
 * no harm.
 */
export async function withLock<T>(file: string, log: (line: string) => void, task: () => Promise<T>): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  let told = false;
  while (!(await take(file))) {
    if (!told) log(`another process is doing this already: waiting for it to end (${file})`);
    told = true;
    await sleep(500, undefined, { signal: interrupted });
    if (await isAbandoned(file)) await rm(file, { force: true });
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => undefined);
  }, heartbeatSeconds * 1000);
  try {
    return await task();
  } finally {
    clearInterval(heartbeat);
    await rm(file, { force: true });
  }
}

async function take(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function isAbandoned(file: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(file);
    if (Date.now() - mtimeMs > staleSeconds * 1000) return true;
    const pid = Number(await readFile(file, 'utf8'));
    return pid > 0 && !isRunning(pid);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
