import { secretForm, secretPath } from '../../config/secrets.ts';
import { table } from '../table.ts';

export interface Known {
  /** Descriptions by name */
  needed: ReadonlyMap<string, string>;
  /** Whether `berth local` makes those that the file does not have */
  prepared: boolean;
  /** Names in the file */
  present: readonly string[];
  /** Lines of the file by the path of the value */
  lines: ReadonlyMap<string, number>;
  /** When a line of the file changed, as `YYYY-MM-DD` or in words; undefined where that is unknown */
  changed(line: number): string | undefined;
}

/** Returns the secrets of a stack as a table, without any value: first those that are needed, then those that nothing reads */
export function listed({ needed, prepared, present, lines, changed }: Known): string {
  const absent = prepared ? 'by berth local' : 'MISSING';
  const date = (name: string): string => {
    const path = secretPath(name);
    const line = lines.get(`${path}.secure`) ?? lines.get(path);
    return (line !== undefined && changed(line)) || 'unknown';
  };
  const rows = [...needed].map(([name, what]) => [name, present.includes(name) ? date(name) : absent, what]);
  const unused = present.filter((name) => secretForm.test(name) && !needed.has(name));
  return table(
    ['SECRET', 'CHANGED', 'WHAT FOR'],
    [...rows, ...unused.map((name) => [name, date(name), 'nothing reads it'])],
  );
}

/**
 * Returns when each line of a file was changed
 * @param blame output of `git blame --porcelain`
 */
export function datesIn(blame: string): ReadonlyMap<number, string> {
  const times = new Map<string, string>();
  const lines = new Map<number, string>();
  let commit = '';
  for (const text of blame.split('\n')) {
    const [, hash, line] = /^([0-9a-f]{40}) \d+ (\d+)/.exec(text) ?? [];
    if (hash !== undefined) {
      commit = hash;
      lines.set(Number(line), hash);
    }
    const [, seconds] = /^author-time (\d+)$/.exec(text) ?? [];
    if (seconds !== undefined) times.set(commit, new Date(Number(seconds) * 1000).toISOString().slice(0, 10));
  }
  const dateOf = (hash: string): string => (/^0+$/.test(hash) ? 'not committed' : (times.get(hash) ?? 'unknown'));
  return new Map([...lines].map(([line, hash]) => [line, dateOf(hash)]));
}
