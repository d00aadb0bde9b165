import * as pulumi from '@pulumi/pulumi';
import { type Authority, authorities, type Environment } from '../model/environment.ts';
import { authorityRoots } from '../render/authorityRoots.ts';

const directories: Readonly<Record<Authority, string>> = {
  /** Browsers trust it, and it gives a name few certificates a week */
  letsencrypt: 'https://acme-v02.api.letsencrypt.org/directory',
  /** No browser trusts it: machines that are made anew all day long are none of its concern */
  'letsencrypt-staging': 'https://acme-staging-v02.api.letsencrypt.org/directory',
};

/**
 * The facts `acme.*` of every cloud that the internet reaches: `directory` is where certificates are asked for, `authority`
 * whom to trust there, empty since machines know a public one, and `roots` whom to trust at a site that has one.
 * @param own a directory of the environment's own; its authority also issues the certificates
 */
export function acmeFacts(
  { authority }: Environment,
  own?: { directory: string; authority?: string },
): Readonly<Record<string, pulumi.Output<string>>> {
  const { directory, authority: pem = '' } = own ?? { directory: directories[authority] };
  const known = authorities.find((name) => directories[name] === directory);
  return {
    'acme.directory': pulumi.output(directory),
    'acme.authority': pulumi.output(pem),
    'acme.roots': pulumi.output(pem || (known ? authorityRoots(known) : '')),
  };
}
