import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** File that lists a rendering's files, so that the next one can remove them */
const listName = '.berth-render';

export interface Written {
  /** Paths relative to the folder */
  written: readonly string[];
  /** Paths of the former rendering that are no longer part of it */
  removed: readonly string[];
}

/**
 * Makes a folder contain exactly these files (text by path); removes only files that a former call wrote
 * @throws when the folder contains files but no rendering, naming it
 */
export function writeRendering(folder: string, files: Readonly<Record<string, string>>): Written {
  const former = formerFiles(folder);
  const written = Object.keys(files);
  // The list is written first, so that an interrupted run's files are known to the next one
  const known = [...new Set([...former, ...written])];
  mkdirSync(folder, { recursive: true });
  writeList(folder, known);
  const removed = former.filter((path) => !(path in files) && existsSync(join(folder, path)));
  for (const path of removed) removeFile(folder, path);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  writeList(folder, written);
  return { written, removed };
}

function formerFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const list = join(folder, listName);
  if (existsSync(list)) return readFileSync(list, 'utf8').split('\n').filter(isBelow);
  if (readdirSync(folder).length === 0) return [];
  throw new Error(
    `${folder} holds files that berth render did not write: choose an empty folder, or one of a former rendering`,
  );
}

/** An edited list must not lead outside its folder */
const isBelow = (path: string): boolean =>
  path !== '' && !path.startsWith('/') && normalize(path) === path && !path.startsWith('..');

const writeList = (folder: string, paths: readonly string[]): void =>
  writeFileSync(
    join(folder, listName),
    [...paths]
      .sort()
      .map((path) => `${path}\n`)
      .join(''),
  );

/** Removes a file and the folders that it leaves empty */
function removeFile(folder: string, path: string): void {
  rmSync(join(folder, path));
  for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
    if (readdirSync(join(folder, parent)).length > 0) return;
    rmdirSync(join(folder, parent));
  }
}
