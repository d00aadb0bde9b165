import { readFileSync } from 'node:fs';

/** What the passphrase is called among the lines of standard input; no secret of a system can be called so */
export const passphraseName = 'passphrase';

/**
 * Values from lines `<name>=<value>`, as standard input brings them; empty lines count for nothing.
 * @throws for a line that isn't one, or a name that nobody asks for; never with a value
 */
export function givenLines(text: string, wanted: readonly string[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const end = line.indexOf('=');
    // What has no name may be a value, or the second line of one
    if (end <= 0) throw new Error(`line ${index + 1} of standard input is not <name>=<value>: ${severalLines}`);
    const name = line.slice(0, end);
    if (!wanted.includes(name)) throw notWanted(`the name in line ${index + 1} of standard input`, wanted);
    if (values.has(name)) throw new Error(`standard input gives ${name} twice`);
    const value = line.slice(end + 1);
    if (value === '') throw new Error(`standard input gives ${name} without a value`);
    values.set(name, value);
  }
  return values;
}

/**
 * Values from files, each given as `<name>=<file>`; the last line's end is dropped.
 * @throws for what is not such, a name that nobody asks for, or a file that can't be read
 */
export function givenFiles(pairs: readonly string[], wanted: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    pairs.map((pair) => {
      const [, name = '', file = ''] = /^([^=]+)=(.+)$/s.exec(pair) ?? [];
      // The whole word is not shown: by mistake it may be the secret itself
      if (name === '') throw new Error('--secret-file takes <name>=<file>');
      if (!wanted.includes(name)) throw notWanted('a name given by --secret-file', wanted);
      return [name, contentOf(name, file)];
    }),
  );
}

export const severalLines = 'give a secret of several lines by --secret-file <name>=<file>';

function contentOf(name: string, file: string): string {
  try {
    const value = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    if (value === '') throw new Error('it is empty');
    return value;
  } catch (error) {
    throw new Error(`the file of ${name} can't be used: ${error instanceof Error ? error.message : error}`);
  }
}

const notWanted = (what: string, wanted: readonly string[]): Error =>
  new Error(
    wanted.length === 0
      ? `${what} is not asked for: this stack has all its secrets`
      : `${what} is not asked for: what is missing are ${wanted.join(', ')}`,
  );
