import { basename } from 'node:path';

/** One file whose packages are looked up */
export interface Audit {
  file: string;
  by: 'npm' | 'go';
  /** Arguments of the program, which runs in the file's folder */
  words: readonly string[];
}

const kinds: Readonly<Record<string, Omit<Audit, 'file'>>> = {
  'package-lock.json': { by: 'npm', words: ['audit', '--package-lock-only', '--audit-level=high'] },
  // By module: whether vulnerable code is called can't be told of a program that another module has
  'go.mod': { by: 'go', words: ['-scan=module'] },
};

/** Returns the audits of a checkout's files */
export const audits = (files: readonly string[]): readonly Audit[] =>
  files.flatMap((file) => {
    const kind = kinds[basename(file)];
    return kind ? [{ file, ...kind }] : [];
  });
