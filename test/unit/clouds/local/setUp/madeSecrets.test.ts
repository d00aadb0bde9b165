import { expect, test } from 'vitest';
import { madePassword, madeSecret } from '../../../../../src/clouds/local/setUp/madeSecrets.ts';
import { passwordLinesFlaw } from '../../../../../src/model/passwordLines.ts';
import type { SecretForm } from '../../../../../src/model/secretForm.ts';
import { urlPasswordFlaw } from '../../../../../src/model/urlPassword.ts';

const hashed = async (password: string, salt: Buffer) => `$2b$08$${`${password}${salt.toString('hex')}`.slice(0, 53)}`;
const made = (form: SecretForm, name = 'shop/secret', passphrase = 'one') => madeSecret(passphrase, name, form, hashed);

test('a password is made of letters and digits, as it stands in a URL', async () => {
  const password = await made({ kind: 'password' });
  expect(password).toMatch(/^[a-z2-9]{24}$/);
  expect(urlPasswordFlaw(password)).toBeUndefined();
});

test('a secret is the same each time, and another for each name and each stack', async () => {
  const values = [
    await made({ kind: 'password' }),
    await made({ kind: 'password' }),
    await made({ kind: 'password' }, 'shop/other'),
    await made({ kind: 'password' }, 'shop/secret', 'two'),
  ];
  expect(values[1]).toBe(values[0]);
  expect(new Set(values).size).toBe(3);
});

test('a key has its prefix and its number of random bytes', async () => {
  const key = await made({ kind: 'key', prefix: 'base64:', bytes: 32 });
  expect(key).toMatch(/^base64:/);
  expect(Buffer.from(key.slice(7), 'base64')).toHaveLength(32);
});

test('users are a line with the hash of the password that logins show', async () => {
  const line = await made({ kind: 'users', user: 'operator' });
  expect(line).toContain(`operator:$2b$08$${madePassword('one', 'shop/secret')}`);
  expect(passwordLinesFlaw(line)).toBeUndefined();
});

test('what nobody can make up is not made up', async () => {
  await expect(made({ kind: 'given' })).rejects.toThrow("shop/secret can't be made up");
});
