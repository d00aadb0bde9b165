/** A word as a POSIX shell reads it back, whatever is in it */
export const quoted = (word: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** Lines that make a shell's variables so */
export function shellLines({ set, unset, path }: ShellVariables): string {
  return [
    ...(unset.length > 0 ? [`unset ${unset.join(' ')}`] : []),
    ...(path === undefined ? [] : [`export PATH=${quoted(path)}:"$PATH"`]),
    ...Object.entries(set).map(([name, value]) => `export ${name}=${quoted(value)}`),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

export interface ShellVariables {
  set: Readonly<Record<string, string>>;
  unset: readonly string[];
  /** A folder to put before the others of PATH */
  path?: string;
}
