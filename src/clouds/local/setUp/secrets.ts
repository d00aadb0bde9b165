import type { SecretForm } from '../../../model/secretForm.ts';
import { type Place, passphraseOf } from '../../../pulumi/place.ts';
import { madeSecret } from './madeSecrets.ts';
import { passwordHash } from './passwordHash.ts';
import type { SecretMakers } from './stackFile.ts';

/** Secrets that the systems of an environment file need on this computer */
export interface WantedSecrets {
  /** Forms of those that the file does not have, by name */
  missing: ReadonlyMap<string, SecretForm>;
  /** Names of all, `deployKey` included */
  needed: ReadonlySet<string>;
}

/**
 * Returns the makers of a local stack's secrets; what nobody can make up is left out, and reported as missing by the
 * deployment
 * @param image image of local machines
 */
export function secretMakers(place: Place, { missing }: WantedSecrets, image: string): SecretMakers {
  const hashed = (password: string, salt: Buffer) => passwordHash(image, password, salt);
  const made = [...missing].filter(([, { kind }]) => kind !== 'given');
  return Object.fromEntries(
    made.map(([name, form]) => [name, async () => madeSecret(await passphraseOf(place), name, form, hashed)]),
  );
}
