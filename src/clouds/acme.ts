import * as pulumi from '@pulumi/pulumi';
import type { Environment } from '../model/environment.ts';

/** Browsers trust it, and it gives a name few certificates a week */
const production = 'https://acme-v02.api.letsencrypt.org/directory';
/** No browser trusts it: machines that are made anew all day long are none of its concern */
const staging = 'https://acme-staging-v02.api.letsencrypt.org/directory';

/**
 * Let's Encrypt's directory for an environment: its staging one, unless the environment is production
 * (`prod`, `production`, or a team's own such as `prod-basegun`)
 */
export const acmeDirectory = (environment: string): string =>
  /^prod(?:uction)?(?:-|$)/.test(environment) ? production : staging;

/** The facts `acme.*` of every cloud that the internet reaches; the authority is empty, since machines know a public one */
export const acmeFacts = ({ name }: Environment): Readonly<Record<string, pulumi.Output<string>>> => ({
  'acme.directory': pulumi.output(acmeDirectory(name)),
  'acme.authority': pulumi.output(''),
});
