import * as pulumi from '@pulumi/pulumi';
import type { Authority, Environment } from '../model/environment.ts';

const directories: Readonly<Record<Authority, string>> = {
  /** Browsers trust it, and it gives a name few certificates a week */
  letsencrypt: 'https://acme-v02.api.letsencrypt.org/directory',
  /** No browser trusts it: machines that are made anew all day long are none of its concern */
  'letsencrypt-staging': 'https://acme-staging-v02.api.letsencrypt.org/directory',
};

/** The facts `acme.*` of every cloud that the internet reaches; the authority is empty, since machines know a public one */
export const acmeFacts = ({ authority }: Environment): Readonly<Record<string, pulumi.Output<string>>> => ({
  'acme.directory': pulumi.output(directories[authority]),
  'acme.authority': pulumi.output(''),
});
