import { keyPair } from '../keyPair.ts';

/**
 * The text of a secret: long, with every kind of sign that a service may ask for; a deploy key is one that is read, and
 * users have a hash
 */
export function secretText(name: string): string {
  if (name === 'deployKey') return keyPair('made up').private;
  if (name.endsWith('Users')) return `ada:$2y$05$${'Hunter2.'.repeat(7).slice(0, 53)}`;
  return `Hunter2-${name.replace(/[^A-Za-z]/g, '-')}-0`;
}
