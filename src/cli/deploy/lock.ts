import { stripVTControlCharacters } from 'node:util';

/** First line of the engine's last message on standard error where the stack is locked */
export const lockedLine = /the stack is currently locked/;

const holder = /created by (\S+) \(pid (\d+)\) at (\S+)/g;

/**
 * Describes the holder of a stack's lock
 * @param said the engine's standard error
 * @returns undefined where it mentions no lock
 */
export function lockHolder(said: string): string | undefined {
  const plain = stripVTControlCharacters(said);
  if (!lockedLine.test(plain)) return undefined;
  const holders = [...plain.matchAll(holder)].map(([, who, pid, since]) => `${who}, process ${pid}, since ${since}`);
  return holders.join('; ') || 'an unknown process';
}
