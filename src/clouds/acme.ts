import { type Authority, authorities, type Environment } from '../model/environment.ts';
import type { AcmeFacts } from '../model/facts.ts';
import { authorityRoots } from '../render/authorityRoots.ts';
import { type Fact, plain } from './makers.ts';

const directories: Readonly<Record<Authority, string>> = {
  /** Browsers trust it, and it gives a name few certificates a week */
  letsencrypt: 'https://acme-v02.api.letsencrypt.org/directory',
  /** No browser trusts it: machines that are made anew all day long are none of its concern */
  'letsencrypt-staging': 'https://acme-staging-v02.api.letsencrypt.org/directory',
};

/**
 * Who issues certificates to machines that the internet reaches: an authority that they know, unless it is one's own.
 * @param own a directory of the environment's own; its authority also issues the certificates
 */
export function acmeFacts(
  { authority }: Environment,
  own?: { directory: string; authority?: string },
): AcmeFacts<Fact> {
  const { directory, authority: pem = '' } = own ?? { directory: directories[authority] };
  const known = authorities.find((name) => directories[name] === directory);
  return {
    directory: plain(directory),
    authority: plain(pem),
    roots: plain(pem || (known ? authorityRoots(known) : '')),
  };
}
