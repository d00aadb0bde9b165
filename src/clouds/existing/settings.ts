import { z } from 'zod';
import { guided } from '../../config/guide.ts';
import { givenFields, url } from '../given/settings.ts';

const acme = guided(
  z
    .strictObject({
      directory: url("The URL of the authority's ACME directory.", 'https://acme-v02.api.letsencrypt.org/directory'),
      authority: guided(
        z
          .string()
          .startsWith('-----BEGIN CERTIFICATE-----')
          .describe("The certificate of the authority that signed the directory's server certificate."),
        { allowed: 'a certificate in PEM' },
      ).exactOptional(),
    })
    .describe('The certificate authority. @default berth:authority'),
  { allowed: 'a block with directory' },
);

/** Existing services that existing machines use */
export const settings = guided(
  z
    .strictObject({
      ...givenFields,
      acme: acme.exactOptional(),
    })
    .describe('Existing services for adopted machines.'),
  { allowed: 'a block with buckets and logStreams' },
);

export type ExistingSettings = z.infer<typeof settings>;

declare module '../../model/environment.ts' {
  interface CloudSettings {
    existing?: ExistingSettings;
  }
}
