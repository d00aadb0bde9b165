import { execFile } from 'node:child_process';
import { devNull } from 'node:os';

/** A file that differs between two folders */
export interface FileDifference {
  /** Path relative to the folder of a side */
  path: string;
  /** `moved`: from another path, for example one that contains the hash of its content */
  kind: 'new' | 'gone' | 'moved' | 'changed';
  /** Changed lines with context, as `git diff` prints them */
  lines: string;
}

/** Names of the two compared folders */
export const sides = ['base', 'head'] as const;

/**
 * Returns the differences from `base` to `head`, both in the given folder, file by file
 * @throws when git cannot be run
 */
export async function differences(folder: string): Promise<readonly FileDifference[]> {
  const text = await gitDiff(folder);
  return text
    .split(/^(?=diff --git )/m)
    .filter((part) => part.startsWith('diff --git '))
    .map(fileDifference);
}

function fileDifference(part: string): FileDifference {
  // Empty files and changes of mode alone have no lines
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
  // The user's git settings could change the output
  const env = { ...process.env, GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: '1', GIT_DIR: undefined };
  const options = { cwd: folder, env, maxBuffer: 256 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    execFile('git', [...settings, 'diff', ...how, '--', ...sides], options, (error, stdout, stderr) => {
      // git exits with 1 when there is a difference
      if (error && error.code !== 1) reject(new Error(`git could not compare: ${stderr.trim() || error.message}`));
      else resolve(stdout);
    });
  });
}
