import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newAuthority, type Pair, signedBy } from '../../src/clouds/local/provider/openssl.ts';
import type { Container } from '../../src/model/service.ts';
import { type Facts, resolve } from '../../src/model/value.ts';
import { secretFileName } from '../../src/render/container.ts';
import { folderOf } from './docker.ts';

/** Returns the words that mount a container's secret files, which only its user can read, as a release writes them */
export function secretVolumes({ secretFiles = {}, user }: Pick<Container, 'secretFiles' | 'user'>, facts: Facts) {
  const folder = folderOf({});
  return Object.entries(secretFiles).flatMap(([path, value]) => {
    const file = join(folder, secretFileName(path));
    writeFileSync(file, resolve(value, facts, {}));
    chmodSync(file, 0o400);
    chownSync(file, Number(user.split(':')[0]), Number(user.split(':')[1]));
    return ['--volume', `${file}:${path}:ro`];
  });
}

export interface Certified {
  authority: Pair;
  /** Facts of the role's certificate */
  facts: Facts;
}

/** Makes an authority and its certificate of a role's service, as the local cloud does */
export async function certified(service: string, role = 'database'): Promise<Certified> {
  const authority = await newAuthority('shop-authority');
  const names = [service, 'localhost'];
  const { certificate, key } = await signedBy(authority, `shop-${role}`, { names, addresses: ['127.0.0.1'] });
  const known = { certificate, key, authority: authority.certificate };
  const facts = Object.entries(known).map(([kind, text]) => [`certificates.${role}.${kind}`, text]);
  return { authority, facts: Object.fromEntries(facts) };
}
