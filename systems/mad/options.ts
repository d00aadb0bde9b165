import { fields, z } from 'berth';

/** Options of Mad in an environment file */
export const options = z.strictObject({
  version: fields.version.describe('the release of all three images, for example v1.0.0'),
  versions: z
    .strictObject({
      api: fields.version.exactOptional(),
      web: fields.version.exactOptional(),
      client: fields.version.exactOptional(),
    })
    .default({})
    .describe('another release of one of them: api, web or client'),
  domains: z
    .strictObject({
      api: fields.domain.describe('the public name of the API, for browsers and clients'),
      web: fields.domain.describe('the public name of the page'),
    })
    .describe('the two public names'),
  contact: fields.email.describe('the e-mail address for messages of the certificate authority'),
  certificate: fields.certificateArn.exactOptional(),
  api: fields.fleet.describe('the machines of the API'),
  balancer: fields.balancer.describe('the machine in front of the API, or two'),
  web: fields.fleet.describe('the machines of the page'),
  client: fields.fleet.describe('the machines whose health is watched'),
  redis: fields.cache,
  front: fields.balancer
    .describe(
      "the machine in front of the page, or two, where the cloud has no balancer of its own. @default the balancer's size",
    )
    .exactOptional(),
  env: z
    .strictObject({
      api: fields.env().exactOptional(),
      client: fields.env().exactOptional(),
    })
    .default({})
    .describe('further settings of the applications, passed through unchanged'),
  secretFiles: z
    .strictObject({ api: fields.secretFiles.exactOptional(), client: fields.secretFiles.exactOptional() })
    .default({})
    .describe('files that only the applications can read'),
  uploads: fields.uploads,
});

export type Options = z.infer<typeof options>;
