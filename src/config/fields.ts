import { z } from 'zod';
import { guided, textField } from './guide.ts';
import { addressFlaw, cidrFlaw, domainFlaw } from './network.ts';
import { imageFlaw, versionFlaw } from './pinned.ts';
import { documentationAddress, exampleName } from './reserved.ts';

// Fields that systems build their options from. A system's options are a `z.strictObject`, or a `z.discriminatedUnion`
// of strict objects if one key decides which others are allowed (for example `tls`). `.describe(…)` on a field replaces
// its description; its error messages stay.

export const domainName = textField({
  noun: 'a domain name',
  description: 'The public domain name of the site, without scheme, port or path.',
  examples: ['preprod.basegun.fr', 'basegun.localhost'],
  allowed: 'a full domain name in lower case, such as basegun.fr or basegun.localhost',
  pattern: /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/,
  flaw: domainFlaw,
  claims: 'domain',
  placeholder: exampleName,
});

export const ipv4 = textField({
  noun: 'an IPv4 address',
  description: 'An IPv4 address.',
  examples: ['203.0.113.10'],
  allowed: 'an IPv4 address, such as 203.0.113.10',
  pattern: /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/,
  flaw: addressFlaw,
  placeholder: documentationAddress,
});

export const cidr = textField({
  noun: 'an IPv4 network',
  description: 'An IPv4 network in CIDR notation; one address is a /32.',
  examples: ['198.51.100.0/24', '198.51.100.7/32'],
  allowed: 'an IPv4 network in CIDR notation, such as 198.51.100.0/24',
  pattern: /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!\/)|(?=\/))){4}\/(?:3[0-2]|[12]?\d)$/,
  flaw: cidrFlaw,
  placeholder: documentationAddress,
});

export const networks = guided(z.array(cidr).min(1).describe('IPv4 networks in CIDR notation, at least one.'), {
  allowed: 'a list of at least one IPv4 network, such as [198.51.100.0/24]',
});

export const emailAddress = textField({
  noun: 'an e-mail address',
  description: 'An e-mail address that is read.',
  examples: ['ops@example.org'],
  allowed: 'an e-mail address, such as ops@example.org',
  pattern: /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$/,
  placeholder: exampleName,
  flaw: (value) => (value.includes('@') ? undefined : { message: 'is not an e-mail address: it has no @' }),
});

/** Further names of a site, for systems with one public name */
export const otherNamesFields = {
  alsoAt: z.array(domainName).default([]).describe('further public names at which the same site answers'),
  redirectFrom: z.array(domainName).default([]).describe('public names that redirect to the site and keep the path'),
};

/** Limits of visitors' uploads, for every system with an edge; they determine the sizes of /tmp and memory */
export const uploads = z
  .strictObject({
    largestMb: z.int().min(1).max(1024).default(5).describe('the largest request body, MB; a larger one gets 413'),
    atOnce: z
      .int()
      .min(1)
      .max(1000)
      .default(20)
      .describe('how many uploads of 100 kB or more a machine accepts at a time; further ones get 429'),
  })
  .prefault({})
  .describe('limits of uploads; memory for largestMb times atOnce is reserved');

/** Variants of a system's options by the way TLS is terminated (`tls`), each with the options that it needs */
export const tlsFields = {
  acme: {
    tls: z.literal('acme').describe('the machine obtains its own certificate'),
    contact: emailAddress.describe('the e-mail address for messages of the certificate authority'),
  },
  files: {
    tls: z
      .literal('files')
      .describe('the machine serves your own certificate: the secrets certificate and certificateKey'),
  },
  upstream: {
    tls: z.literal('upstream').describe("TLS is terminated by the provider's gateway"),
    gatewayNetworks: z.array(cidr).min(1).describe("the gateway's networks: only these may reach port 80"),
  },
};

/** Returns the options of a system with one public name: these fields, and those of the way in which its TLS is ended */
export const withTls = <Fields extends z.core.$ZodLooseShape>(fields: Fields) =>
  z.discriminatedUnion('tls', [
    z.strictObject({ ...fields, ...tlsFields.acme }),
    z.strictObject({ ...fields, ...tlsFields.files }),
    z.strictObject({ ...fields, ...tlsFields.upstream }),
  ]);

export const version = textField({
  noun: 'a version',
  description:
    'The release to run, by an immutable name: a full version or a full commit hash. ' +
    'A mutable tag (latest, develop, 3.3) is refused: the running code could change without a deployment, and a rollback would be impossible.',
  examples: ['3.3.0', 'v3.3.0-rc.1'],
  allowed: 'a full version (3.3.0, v3.3.0-rc.1) or a full commit hash (40 hexadecimal digits)',
  pattern: /^(?:v?\d+\.\d+\.\d+(?:-[0-9A-Za-z][0-9A-Za-z.-]*)?|[0-9a-f]{40})$/,
  flaw: versionFlaw,
});

export const imageReference = textField({
  noun: 'an image reference',
  description: 'A container image with an immutable tag or a digest.',
  examples: ['ghcr.io/datalab-mi/basegun/basegun-backend:3.3.0'],
  allowed:
    'an image by full version, commit hash or digest, such as ghcr.io/owner/name:3.3.0 or ghcr.io/owner/name@sha256:<digest>',
  pattern:
    /^[a-z0-9][a-z0-9._-]*(?::\d+(?=\/))?(?:\/[a-z0-9._-]+)*(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127}(?:@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$/,
  flaw: imageFlaw,
});

export const certificateArn = textField({
  noun: 'the ARN of a certificate',
  description:
    "The certificate of the cloud's own balancer. @default none: a machine that replaces the balancer obtains its own",
  examples: ['arn:aws:acm:eu-west-2:123456789012:certificate/12345678-1234-1234-1234-123456789012'],
  allowed: 'an ARN of AWS Certificate Manager, such as arn:aws:acm:eu-west-2:123456789012:certificate/<id>',
  pattern: /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]{36}$/,
  placeholder: /:(?:123456789012|0{12}):|certificate\/[0-]+$/,
});

export const gitRepository = textField({
  noun: 'the address of a git repository',
  description: 'A git repository that can be read without a password, over HTTPS.',
  examples: ['https://github.com/etalab/catalogage-donnees.git'],
  allowed: 'https://… without a password (or http://….test, which exists only on this computer)',
  pattern: /^(?:https:\/\/[a-z0-9.-]+(?::\d+)?|http:\/\/[a-z0-9.-]+\.test)\/[\w./~-]+$/,
});

export const debianPackage = textField({
  noun: "the name of one of Debian's packages",
  description: "One of Debian's packages.",
  examples: ['python3-venv'],
  allowed: 'lower-case letters, digits, +, - and dots, such as python3-venv',
  pattern: /^[a-z0-9][a-z0-9+.-]+$/,
});

export { environmentVariables, secretFiles, secretFilesByVariable } from './applicationFields.ts';
