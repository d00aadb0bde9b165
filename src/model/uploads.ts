/** Limits for uploads. A request body of 100,000 bytes or more, or of unknown length, is an upload. */
export interface Uploads {
  /** Largest request body in MB; larger ones are answered with 413 */
  largestMb: number;
  /** Concurrent uploads at one machine's edge; further ones are answered with 429 */
  atOnce: number;
}

/** Returns the space that concurrent uploads need, in MB */
export const uploadsMb = ({ largestMb, atOnce }: Uploads): number => largestMb * atOnce;

/** Number of digits up to which a content length is not an upload */
export const smallDigits = 5;
