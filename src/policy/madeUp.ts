import { keyPair } from '../keyPair.ts';

/**
 * Returns made-up text for a secret: long, with every kind of character that a service may require; a valid key for a
 * deploy key, a password hash for a list of users
 */
export function secretText(name: string): string {
  if (name === 'deployKey') return keyPair('made up').private;
  if (name.endsWith('Users')) return `ada:$2y$05$${'Hunter2.'.repeat(7).slice(0, 53)}`;
  return `Hunter2-${name.replace(/[^A-Za-z]/g, '-')}-0`;
}
