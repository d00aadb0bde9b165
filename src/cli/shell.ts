import { quoted } from '../render/quoted.ts';

/** Returns a word quoted for a POSIX shell where necessary */
export const shellWord = (word: string): string => (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : quoted(word));

/** Returns the words of a command that was given after `--`, or without it */
export const commandWords = (given: readonly string[]): readonly string[] =>
  given[0] === '--' ? given.slice(1) : given;

/** Returns shell lines that set and unset variables */
export function shellLines({ set, unset, path }: ShellVariables): string {
  return [
    ...(unset.length > 0 ? [`unset ${unset.join(' ')}`] : []),
    ...(path === undefined ? [] : [`export PATH=${shellWord(path)}:"$PATH"`]),
    ...Object.entries(set).map(([name, value]) => `export ${name}=${shellWord(value)}`),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

export interface ShellVariables {
  set: Readonly<Record<string, string>>;
  unset: readonly string[];
  /** Folder to prepend to PATH */
  path?: string;
}
