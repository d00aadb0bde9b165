import type { Authority } from '../model/environment.ts';
import { fileText } from './template.ts';

const files: Readonly<Record<Authority, string | undefined>> = {
  letsencrypt: undefined,
  'letsencrypt-staging': 'acme/letsencrypt-staging.pem',
};

/** The roots that an authority's certificates lead to, PEM: empty where every machine and browser knows them already */
export function authorityRoots(authority: Authority): string {
  const file = files[authority];
  return file === undefined ? '' : fileText(file);
}
