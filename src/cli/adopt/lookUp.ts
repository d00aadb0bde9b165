import { lookup } from 'node:dns/promises';
import { existsSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { captured } from '../../process/captured.ts';
import type { Jump } from './found.ts';
import { type Known, knownName } from './machines.ts';

/** Where this computer keeps the host keys that a person has accepted */
const ownKnownHosts = (): string => join(homedir(), '.ssh', 'known_hosts');

/**
 * Looks up the addresses of machines and their host keys: in DNS, and among the keys that this computer knows. Nothing is
 * asked of a machine
 * @param given addresses by name, which a person said
 */
export async function lookedUp(
  places: readonly Jump[],
  given: Readonly<Record<string, string>>,
  knownHosts: string = ownKnownHosts(),
): Promise<Pick<Known, 'addresses' | 'hostKeys'>> {
  const names = [...new Set(places.map(({ address }) => address))].filter((name) => !isIPv4(name));
  const found = await Promise.all(names.map(async (name) => [name, given[name] ?? (await addressOf(name))] as const));
  const addresses = Object.fromEntries(found.flatMap(([name, address]) => (address ? [[name, address]] : [])));
  const written = places.flatMap(({ address, port = 22 }) =>
    [address, addresses[address] ?? address].map((name) => knownName(name, port)),
  );
  const keys = existsSync(knownHosts) ? await keysOf([...new Set(written)], knownHosts) : [];
  return { addresses, hostKeys: Object.fromEntries(keys) };
}

const addressOf = (name: string): Promise<string | undefined> =>
  lookup(name, { family: 4 }).then(
    ({ address }) => address,
    () => undefined,
  );

/** ssh-keygen knows the hashed names of a file too */
async function keysOf(names: readonly string[], file: string): Promise<readonly (readonly [string, string])[]> {
  const found: (readonly [string, string])[] = [];
  for (const name of names) {
    const { stdout } = await captured('ssh-keygen', ['-F', name, '-f', file], { cwd: process.cwd(), env: process.env });
    const key = bestKey(stdout);
    if (key !== undefined) found.push([name, key]);
  }
  return found;
}

/** Returns the best key of lines of a known_hosts file; a revoked one, and that of an authority, is none */
export function bestKey(lines: string): string | undefined {
  const keys = lines.split('\n').flatMap((line) => {
    const [, type = '', key = ''] = /^(?![@#])\S+ (\S+) (\S+)/.exec(line) ?? [];
    return key === '' ? [] : [{ type, text: `${type} ${key}` }];
  });
  const kinds = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'];
  return kinds.flatMap((kind) => keys.filter(({ type }) => type === kind))[0]?.text;
}
