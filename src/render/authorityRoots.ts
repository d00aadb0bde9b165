import type { Authority } from '../model/environment.ts';
import { fileText } from './template.ts';

const files: Readonly<Record<Authority, string | undefined>> = {
  letsencrypt: undefined,
  'letsencrypt-staging': 'acme/letsencrypt-staging.pem',
};

/** Returns the root certificates of an authority in PEM; empty where machines and browsers trust it already */
export function authorityRoots(authority: Authority): string {
  const file = files[authority];
  return file === undefined ? '' : fileText(file);
}
