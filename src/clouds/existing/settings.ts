import { z } from 'zod';
import { guided, textField } from '../../config/guide.ts';

const url = (what: string, example: string) =>
  textField({
    noun: 'a URL',
    description: what,
    examples: [example],
    allowed: `a URL without a name, password or query, such as ${example}`,
    pattern: /^https?:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?(?:\/[\w./~-]*)?$/,
    flaw: (value) =>
      value.includes('@')
        ? { message: 'has a name or a password in it', fix: 'write the address alone: keys go to berth:secrets' }
        : undefined,
  });

const word = (noun: string, description: string, example: string, pattern: RegExp) =>
  textField({ noun, description, examples: [example], allowed: `${noun}, such as ${example}`, pattern });

const bucket = guided(
  z
    .strictObject({
      endpoint: url('Where the S3 server answers.', 'https://s3.gra.io.cloud.ovh.net'),
      region: word('a region', 'The region that requests are signed for.', 'gra', /^[a-z0-9][a-z0-9-]{0,62}$/),
      bucket: word(
        'the name of a bucket',
        'The name of the bucket there.',
        'basegun-uploads',
        /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      ),
    })
    .describe('A bucket that exists already; its keys are secrets of the system.'),
  { allowed: 'a block with endpoint, region and bucket' },
);

const logStream = guided(
  z
    .strictObject({
      scheme: guided(z.enum(['http', 'https']).describe('How it is spoken to.'), { allowed: 'http or https' }).default(
        'https',
      ),
      host: word(
        'a host name or address',
        'Where it answers.',
        'logs.example.org',
        /^[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?$/,
      ),
      port: guided(z.int().min(1).max(65535).describe('Its port.'), {
        allowed: 'a port number from 1 to 65535',
      }).default(9200),
      username: word(
        'the name of a user',
        'Who writes to it, with a password among the secrets of the system. @default none: lines bear a token',
        'shipper',
        /^[\w.@-]{1,128}$/,
      ).exactOptional(),
    })
    .describe("A log stream that exists already and speaks OpenSearch's API."),
  { allowed: 'a block with host' },
);

const acme = guided(
  z
    .strictObject({
      directory: url('The directory of the authority.', 'https://acme-v02.api.letsencrypt.org/directory'),
      authority: guided(
        z
          .string()
          .startsWith('-----BEGIN CERTIFICATE-----')
          .describe("The certificate of a directory's own authority."),
        { allowed: 'a certificate in PEM' },
      ).exactOptional(),
    })
    .describe('Who issues certificates. @default berth:authority'),
  { allowed: 'a block with directory' },
);

/** Existing services that existing machines use */
export const settings = guided(
  z
    .strictObject({
      buckets: guided(z.record(z.string(), bucket).describe('Buckets, by the names that the systems give them.'), {
        allowed: 'buckets by name, such as { uploads: … }',
      }).default({}),
      logStreams: guided(
        z.record(z.string(), logStream).describe('Log streams, by the names that the systems give them.'),
        {
          allowed: 'log streams by name, such as { app: … }',
        },
      ).default({}),
      acme: acme.exactOptional(),
    })
    .describe('What machines that exist already find beside them.'),
  { allowed: 'a block with buckets and logStreams' },
);

export type ExistingSettings = z.infer<typeof settings>;

declare module '../../model/environment.ts' {
  interface CloudSettings {
    existing?: ExistingSettings;
  }
}
