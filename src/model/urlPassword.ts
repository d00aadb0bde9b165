import type { SecretFlaw } from './system.ts';

/**
 * Returns the flaw of a password that stands in a URL as it is: a character that a URL would have to write otherwise
 * @returns a message with nothing of the password; undefined where it fits
 */
export const urlPasswordFlaw = (text: string): SecretFlaw | undefined =>
  /^[A-Za-z0-9._~-]+$/.test(text)
    ? undefined
    : {
        message: 'stands in a URL and has other characters than letters, digits and . _ ~ -',
        fix: 'make one with: openssl rand -hex 24',
      };
