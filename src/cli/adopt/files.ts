import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Files that are read: the disk, or a table in a test */
export interface Files {
  /** Returns the text of a file; undefined where there is none */
  text(path: string): string | undefined;
  /** Returns the paths of the files in a folder, in order; undefined where there is no such folder */
  list(path: string): readonly string[] | undefined;
}

export const disk: Files = {
  text: (path) => (existsSync(path) && statSync(path).isFile() ? readFileSync(path, 'utf8') : undefined),
  list: (path) =>
    existsSync(path) && statSync(path).isDirectory()
      ? readdirSync(path)
          .sort()
          .map((name) => join(path, name))
          .filter((found) => statSync(found).isFile())
      : undefined,
};
