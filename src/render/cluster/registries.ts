import { shortHash } from '../hash.ts';
import { type ClusterInput, item } from './input.ts';
import type { Item } from './manifest.ts';

/** Returns the Secret with the logins of private registries; none without logins */
export function registryItems(input: ClusterInput): readonly Item[] {
  const config = dockerConfig(input);
  if (config === undefined) return [];
  const fields = {
    ...{ type: 'kubernetes.io/dockerconfigjson', immutable: true },
    stringData: { '.dockerconfigjson': config },
  };
  return [item(input, 'Secret', nameOf(config), fields, { key: 'registries', holds: 'content' })];
}

/** Returns the field of a pod that names the Secret */
export function pullSecrets(input: ClusterInput): { imagePullSecrets?: readonly object[] } {
  const config = dockerConfig(input);
  return config === undefined ? {} : { imagePullSecrets: [{ name: nameOf(config) }] };
}

const nameOf = (config: string): string => `registries-${shortHash(config)}`;

function dockerConfig({ logins }: ClusterInput): string | undefined {
  const auths = Object.entries(logins).map(([registry, { user, password }]) => [
    registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry,
    { username: user, password, auth: Buffer.from(`${user}:${password}`).toString('base64') },
  ]);
  return auths.length === 0 ? undefined : JSON.stringify({ auths: Object.fromEntries(auths) });
}
