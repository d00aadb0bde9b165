import { type Authority, authorities, type Environment } from '../model/environment.ts';
import type { AcmeFacts } from '../model/facts.ts';
import { authorityRoots } from '../render/authorityRoots.ts';
import { type Fact, plainFact } from './makers.ts';

const directories: Readonly<Record<Authority, string>> = {
  /** Trusted by browsers; limits the number of certificates per name and week */
  letsencrypt: 'https://acme-v02.api.letsencrypt.org/directory',
  /** Not trusted by browsers; its limits are high enough for machines that are recreated all day */
  'letsencrypt-staging': 'https://acme-staging-v02.api.letsencrypt.org/directory',
};

/**
 * Returns the certificate authority for machines that the internet reaches: the environment's authority, unless it runs
 * its own
 * @param own ACME directory of the environment's own authority, with its root certificates in PEM
 */
export function acmeFacts(
  { authority }: Environment,
  own?: { directory: string; authority?: string },
): AcmeFacts<Fact> {
  const { directory, authority: pem = '' } = own ?? { directory: directories[authority] };
  const known = authorities.find((name) => directories[name] === directory);
  return {
    directory: plainFact(directory),
    authority: plainFact(pem),
    roots: plainFact(pem || (known ? authorityRoots(known) : '')),
  };
}
