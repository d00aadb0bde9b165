/** What visitors may send at once: a body of 100,000 bytes or more, or of a length that is not told, is an upload */
export interface Uploads {
  /** Of one request's body; a bigger one gets 413 */
  largestMb: number;
  /** At one machine's edge; one more gets 429 */
  atOnce: number;
}

/** What they may fill together, MB */
export const uploadsMb = ({ largestMb, atOnce }: Uploads): number => largestMb * atOnce;

/** Digits of a content length that is no upload's */
export const smallDigits = 5;
