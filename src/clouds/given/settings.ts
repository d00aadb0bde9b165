import { z } from 'zod';
import { guided, textField } from '../../config/guide.ts';

export const url = (what: string, example: string) =>
  textField({
    noun: 'a URL',
    description: what,
    examples: [example],
    allowed: `a URL without a name, password or query, such as ${example}`,
    pattern: /^https?:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?(?:\/[\w./~-]*)?$/,
    flaw: (value) =>
      value.includes('@')
        ? { message: 'has a name or a password in it', fix: 'write only the URL: keys belong in berth:secrets' }
        : undefined,
  });

export const word = (noun: string, description: string, example: string, pattern: RegExp) =>
  textField({ noun, description, examples: [example], allowed: `${noun}, such as ${example}`, pattern });

const bucket = guided(
  z
    .strictObject({
      endpoint: url('The URL of the S3 server.', 'https://s3.gra.io.cloud.ovh.net'),
      region: word('a region', 'The region for which requests are signed.', 'gra', /^[a-z0-9][a-z0-9-]{0,62}$/),
      bucket: word(
        'the name of a bucket',
        'The name of the bucket there.',
        'basegun-uploads',
        /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      ),
    })
    .describe('An existing bucket; its keys are secrets of the system.'),
  { allowed: 'a block with endpoint, region and bucket' },
);

const logStream = guided(
  z
    .strictObject({
      scheme: guided(z.enum(['http', 'https']).describe('The scheme of its URL.'), {
        allowed: 'http or https',
      }).default('https'),
      host: word(
        'a host name or address',
        'Its host name or address.',
        'logs.example.org',
        /^[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?$/,
      ),
      port: guided(z.int().min(1).max(65535).describe('Its port.'), {
        allowed: 'a port number from 1 to 65535',
      }).default(9200),
      username: word(
        'the name of a user',
        'The user that writes to it; the password is a secret of the system. @default none: a token is used',
        'shipper',
        /^[\w.@-]{1,128}$/,
      ).exactOptional(),
    })
    .describe("An existing log stream with OpenSearch's API."),
  { allowed: 'a block with host' },
);

/** Fields for buckets and log streams that exist already, for clouds that make none */
export const givenFields = {
  buckets: guided(z.record(z.string(), bucket).describe('Buckets, by their names in the systems.'), {
    allowed: 'buckets by name, such as { uploads: … }',
  }).default({}),
  logStreams: guided(z.record(z.string(), logStream).describe('Log streams, by their names in the systems.'), {
    allowed: 'log streams by name, such as { app: … }',
  }).default({}),
};

/** Buckets and log streams that exist already */
export interface GivenServices {
  buckets: Readonly<Record<string, z.infer<typeof bucket>>>;
  logStreams: Readonly<Record<string, z.infer<typeof logStream>>>;
}
