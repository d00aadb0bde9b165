import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { repositoryOf } from '../model/images.ts';
import { type Flaw, guided, textField } from './guide.ts';

const taggedImage = textField({
  noun: 'an image by its tag',
  description: 'An image as its system or this file names it, with its tag.',
  examples: ['ghcr.io/datalab-mi/basegun/basegun-backend:3.3.0'],
  allowed: 'an image by its tag, such as ghcr.io/owner/name:3.3.0',
  pattern: /^[a-z0-9][a-z0-9._-]*(?::\d+(?=\/))?(?:\/[a-z0-9._-]+)*:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/,
  flaw: (value) =>
    value.includes('@')
      ? { message: 'has a digest already', fix: `write ${value.split('@')[0]} as the key, and its digest as the value` }
      : undefined,
});

const imageDigest = textField({
  noun: 'a digest',
  description: 'The digest of the image, or of its index where it is made for several kinds of processor.',
  examples: [`sha256:${'0123456789abcdef'.repeat(4)}`],
  allowed: 'sha256: and 64 hexadecimal digits',
  pattern: /^sha256:[0-9a-f]{64}$/,
});

export const images = guided(
  z
    .record(taggedImage, imageDigest)
    .describe(
      'The digest of each image, by its reference: machines and pods run name:tag@sha256:…, whatever becomes of the tag. ' +
        'Written by `npx berth pin <stack>`. With this key an image without a digest is told by previews and `berth policies`. ' +
        '@default images run by their tags',
    ),
  { allowed: 'what `npx berth pin <stack>` writes: digests by image' },
);

const imageRepository = textField({
  noun: 'an image without a tag',
  description: 'The repository of an image, or a folder of repositories, which ends with a slash.',
  examples: ['ghcr.io/datalab-mi/basegun/basegun-backend', 'ghcr.io/datalab-mi/'],
  allowed: 'an image without tag and digest (ghcr.io/owner/name), or the beginning of several (ghcr.io/owner/)',
  pattern: /^[a-z0-9][a-z0-9._-]*(?::\d+(?=\/))?(?:\/[a-z0-9._-]+)*\/?$/,
  flaw: (value) =>
    /@|:[^/]*$/.test(value)
      ? {
          message: 'has a tag or a digest: a key is for all releases of an image',
          fix: `write ${repositoryOf(value)}`,
        }
      : undefined,
});

const publicKey = textField({
  noun: 'a public key of cosign',
  description: "The content of cosign.pub: a public key in PEM. What is signed by it is cosign's payload of the image.",
  examples: ['-----BEGIN PUBLIC KEY-----\nMFkwEwYH…\n-----END PUBLIC KEY-----\n'],
  allowed: 'the content of cosign.pub, a public key on the curve P-256 in PEM',
  pattern: /^-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+\n-----END PUBLIC KEY-----\n*$/,
  flaw: publicKeyFlaw,
});

export const signers = guided(
  z
    .record(imageRepository, publicKey)
    .describe(
      'Who signs which images: public keys of cosign by repository. `berth pin` writes no digest, and `berth deploy` deploys none, ' +
        'that its key has not signed; such an image needs a digest in berth:images. @default no signature is asked for',
    ),
  { allowed: 'public keys by image, such as { ghcr.io/owner/name: "-----BEGIN PUBLIC KEY-----…" }' },
);

function publicKeyFlaw(value: string): Flaw | undefined {
  if (value.includes('PRIVATE KEY'))
    return {
      message: 'is a private key: it must not be in this or any other file of the project',
      fix: 'make a new key pair, and write the content of cosign.pub',
    };
  const key = keyIn(value);
  if (!key)
    return { message: 'is not a public key in PEM', fix: 'write the content of cosign.pub as a block, after |' };
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (curve !== 'prime256v1')
    return {
      message: `is a key of another kind: ${curve ?? key.asymmetricKeyType}`,
      fix: 'make one: cosign generate-key-pair',
    };
  return undefined;
}

function keyIn(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}
