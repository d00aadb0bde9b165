import { stripVTControlCharacters } from 'node:util';

/** The first line of what the engine says, on standard error and as its last words, where the stack is locked */
export const lockedLine = /the stack is currently locked/;

const holder = /created by (\S+) \(pid (\d+)\) at (\S+)/g;

/**
 * Who holds a stack's lock, in words.
 * @param said the engine's, on standard error
 * @returns nothing where it says of no lock
 */
export function lockHolder(said: string): string | undefined {
  const plain = stripVTControlCharacters(said);
  if (!lockedLine.test(plain)) return undefined;
  const holders = [...plain.matchAll(holder)].map(([, who, pid, since]) => `${who}, process ${pid}, since ${since}`);
  return holders.join('; ') || 'somebody whom the engine does not name';
}
