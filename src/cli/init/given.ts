import { readFileSync } from 'node:fs';

/** Name of the passphrase in lines of standard input; no system's secret can have it */
export const passphraseName = 'passphrase';

/**
 * Returns the values from lines `<name>=<value>` of standard input; empty lines are ignored
 * @throws for a malformed line or an unwanted name; the message never contains a value
 */
export function givenLines(text: string, wanted: readonly string[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const end = line.indexOf('=');
    // A line without a name may be a value or part of one, so it is not shown
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
 * Returns the values from files given as `<name>=<file>`, without the final line break
 * @throws for another form, an unwanted name, or an unreadable file
 */
export function givenFiles(pairs: readonly string[], wanted: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    pairs.map((pair) => {
      const [, name = '', file = ''] = /^([^=]+)=(.+)$/s.exec(pair) ?? [];
      // The argument is not shown: by mistake it may be the secret itself
      if (name === '') throw new Error('--secret-file takes <name>=<file>');
      if (!wanted.includes(name)) throw notWanted('a name given by --secret-file', wanted);
      return [name, contentOf(name, file)];
    }),
  );
}

export const severalLines = 'give a multi-line secret with --secret-file <name>=<file>';

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
      ? `${what} is not needed: this stack has all its secrets`
      : `${what} is not needed: the missing secrets are ${wanted.join(', ')}`,
  );
