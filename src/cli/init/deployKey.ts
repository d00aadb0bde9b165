import { deployKey } from '../../config/secrets.ts';
import { keyPair } from '../../keyPair.ts';

export interface WithDeployKey {
  secrets: ReadonlyMap<string, string>;
  /** One line; only of a key that was made now */
  publicKey?: string;
}

/** Secrets with a new deploy key among them where one is missing and none is given */
export function withDeployKey(
  stack: string,
  missing: ReadonlyMap<string, string>,
  secrets: ReadonlyMap<string, string>,
): WithDeployKey {
  if (!missing.has(deployKey) || secrets.has(deployKey)) return { secrets };
  const pair = keyPair(`berth-${stack}`);
  return { secrets: new Map([[deployKey, pair.private], ...secrets]), publicKey: pair.public.trim() };
}
