import { execFile } from 'node:child_process';
import { devNull } from 'node:os';

/** A file that two folders have otherwise */
export interface FileDifference {
  /** Below the sides' folders */
  path: string;
  /** `moved`: from another path, such as one that holds the hash of its content */
  kind: 'new' | 'gone' | 'moved' | 'changed';
  /** The lines that differ, with some around them, as `git diff` prints them */
  lines: string;
}

/** The folders below the one that is compared in */
export const sides = ['base', 'head'] as const;

/**
 * How `head` differs from `base`, both below a folder, file by file.
 * @throws when git can't be run
 */
export async function differences(folder: string): Promise<readonly FileDifference[]> {
  const text = await gitDiff(folder);
  return text
    .split(/^(?=diff --git )/m)
    .filter((part) => part.startsWith('diff --git '))
    .map(fileDifference);
}

function fileDifference(part: string): FileDifference {
  // What is empty, or has nothing but another mode, has no lines
  const start = part.search(/^@@ /m);
  const head = start === -1 ? part : part.slice(0, start);
  const lines = start === -1 ? '' : part.slice(start);
  const [, moved] = /^rename to head\/(.*)$/m.exec(head) ?? [];
  if (moved !== undefined) return { path: moved, kind: 'moved', lines };
  const path = /^diff --git (?:base|head)\/(.*) (?:base|head)\/\1$/m.exec(head)?.[1] ?? '';
  const kind = /^new file/m.test(head) ? 'new' : /^deleted file/m.test(head) ? 'gone' : 'changed';
  return { path, kind, lines };
}

function gitDiff(folder: string): Promise<string> {
  const settings = ['-c', 'core.quotePath=false', '-c', 'diff.noprefix=true', '-c', 'diff.mnemonicPrefix=false'];
  const how = ['--no-index', '--no-color', '--no-ext-diff', '--no-textconv', '--find-renames', '--no-prefix'];
  // A user's own settings would show it otherwise
  const env = { ...process.env, GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: '1', GIT_DIR: undefined };
  const options = { cwd: folder, env, maxBuffer: 256 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    execFile('git', [...settings, 'diff', ...how, '--', ...sides], options, (error, stdout, stderr) => {
      // It ends with 1 when there is a difference
      if (error && error.code !== 1) reject(new Error(`git could not compare: ${stderr.trim() || error.message}`));
      else resolve(stdout);
    });
  });
}
