import { createHash } from 'node:crypto';

/** Returns the first `length` hexadecimal digits of a text's SHA-256 */
export const shortHash = (text: string, length = 12): string =>
  createHash('sha256').update(text).digest('hex').slice(0, length);
