import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Type of a file system in memory, as Linux's statfs names it (TMPFS_MAGIC in statfs(2)) */
const tmpfs = 0x01021994;

/**
 * Opens a text in the user's editor, from a file in memory that only the user can read, and returns what was saved. A line
 * break at the end is kept only where the text had one.
 * @throws where this computer has no file system in memory, or the editor ends with another code than 0
 */
export function edited(text: string, environment: NodeJS.ProcessEnv): string {
  const folder = mkdtempSync(join(memoryFolder(environment), 'berth-secret-'));
  try {
    const file = join(folder, 'secret');
    writeFileSync(file, text, { mode: 0o600 });
    const editor = environment.VISUAL || environment.EDITOR || 'vi';
    // The variable may hold options, as git reads it too
    const { status, error } = spawnSync('sh', ['-c', `${editor} "$1"`, 'sh', file], {
      stdio: 'inherit',
      env: environment,
    });
    if (error) throw error;
    if (status !== 0) throw new Error(`${editor} ended with code ${status}: nothing was changed`);
    const saved = readFileSync(file, 'utf8');
    return text.endsWith('\n') ? saved : saved.replace(/\r?\n$/, '');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function memoryFolder({ XDG_RUNTIME_DIR }: NodeJS.ProcessEnv): string {
  const candidates = [...(XDG_RUNTIME_DIR ? [XDG_RUNTIME_DIR] : []), '/dev/shm'];
  const found = candidates.find((folder) => existsSync(folder) && statfsSync(folder).type === tmpfs);
  if (found !== undefined) return found;
  throw new Error(
    `this computer has no folder in memory (tried ${candidates.join(', ')}), and a secret is not written to a disk: use --set`,
  );
}
