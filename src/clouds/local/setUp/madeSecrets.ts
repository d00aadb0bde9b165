import { createHmac } from 'node:crypto';
import type { SecretForm } from '../../../model/secretForm.ts';

/** Returns a value that a local stack always has under a name: random for those who do not know its passphrase */
const derived = (passphrase: string, purpose: string): Buffer =>
  createHmac('sha512', passphrase).update(`berth local ${purpose}`).digest();

/** Returns a password of 24 letters and digits */
export const madePassword = (passphrase: string, name: string): string =>
  [...derived(passphrase, `password ${name}`).subarray(0, 24)].map((byte) => letters[byte % letters.length]).join('');

/** 32 of them, so that each byte gives one with equal chance; none that reads as another */
const letters = 'abcdefghijkmnpqrstuvwxyz23456789';

/**
 * Makes up a secret of a local stack; the same passphrase and name always give the same value
 * @param name as in `berth:secrets`
 * @param hashed returns the bcrypt hash of a password with a salt of 16 bytes
 * @throws for what nobody can make up
 */
export async function madeSecret(
  passphrase: string,
  name: string,
  form: SecretForm,
  hashed: (password: string, salt: Buffer) => Promise<string>,
): Promise<string> {
  const password = madePassword(passphrase, name);
  switch (form.kind) {
    case 'password':
      return password;
    case 'key':
      return `${form.prefix}${derived(passphrase, `key ${name}`).subarray(0, form.bytes).toString('base64')}`;
    case 'users':
      return `${form.user}:${await hashed(password, derived(passphrase, `salt ${name}`).subarray(0, 16))}`;
    case 'given':
      throw new Error(`the secret ${name} can't be made up`);
  }
}
