import { hostLine } from './hostLine.ts';

/**
 * Returns the engine's message without what hides its reason: the text of the command that failed, which is the same for
 * every machine, and the lines of steps that went well
 */
export function reasonOf(message: string): string {
  const short = message.trim().replace(/: running "(?:[^"\\]|\\.)*":\n?/, ':\n');
  return short
    .split('\n')
    .filter((line) => hostLine(line).kind === 'said')
    .join('\n')
    .trimEnd();
}
