import { deployKey } from '../../config/secrets.ts';
import { keyPair } from '../../keyPair.ts';

export interface WithDeployKey {
  secrets: ReadonlyMap<string, string>;
  /** Public key, one line; only for a newly made deploy key */
  publicKey?: string;
}

/** Returns the secrets, with a new deploy key where one is missing and none is given */
export function withDeployKey(
  stack: string,
  missing: ReadonlyMap<string, string>,
  secrets: ReadonlyMap<string, string>,
): WithDeployKey {
  if (!missing.has(deployKey) || secrets.has(deployKey)) return { secrets };
  const pair = keyPair(`berth-${stack}`);
  return { secrets: new Map([[deployKey, pair.private], ...secrets]), publicKey: pair.public.trim() };
}
