import { createPublicKey, verify } from 'node:crypto';
import { z } from 'zod';
import { digestOf, repositoryOf } from '../../model/images.ts';
import type { SignedImage } from '../../model/signers.ts';
import type { Registries } from './registry.ts';

const signed = z.object({
  layers: z.array(
    z.object({
      mediaType: z.string(),
      digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
      annotations: z.record(z.string(), z.string()).default({}),
    }),
  ),
});

/** What cosign signs (its simple signing format) */
const payload = z.object({
  critical: z.object({
    type: z.literal('cosign container image signature'),
    image: z.object({ 'docker-manifest-digest': z.string() }),
  }),
});

const payloadType = 'application/vnd.dev.cosign.simplesigning.v1+json';
const signatureAnnotation = 'dev.cosignproject.cosign/signature';

/**
 * Looks for a signature of an image's digest by its key: cosign keeps the signatures of a digest beside the image, as the
 * layers of the tag sha256-<digest>.sig
 * @param image with its digest
 * @throws where there is none
 */
export async function verifySignature({ image, key }: SignedImage, registries: Registries): Promise<void> {
  const digest = digestOf(image);
  const repository = repositoryOf(image);
  const found = await registries.manifest(`${repository}:${digest?.replace(':', '-')}.sig`);
  const layers = (signed.safeParse(found).data?.layers ?? []).filter(({ mediaType }) => mediaType === payloadType);
  if (layers.length === 0)
    throw new Error(`${image} is not signed: its repository has no signature of cosign for this digest`);
  for (const { digest: of, annotations } of layers) {
    const text = await registries.blob(repository, of);
    if (isSignedBy(key, text, annotations[signatureAnnotation] ?? '') && isAbout(text, digest)) return;
  }
  const others = layers.length === 1 ? 'its signature is' : `its ${layers.length} signatures are`;
  throw new Error(`${image} is not signed by the key of berth:signers: ${others} by another key, or of another image`);
}

/** Whether a text was signed by a key: ECDSA on P-256 of its SHA-256, in Base64 */
export const isSignedBy = (key: string, text: Buffer, signature: string): boolean =>
  verify('sha256', text, createPublicKey(key), Buffer.from(signature, 'base64'));

function isAbout(text: Buffer, digest: string | undefined): boolean {
  const said = payload.safeParse(JSON.parse(text.toString('utf8'))).data;
  return said !== undefined && said.critical.image['docker-manifest-digest'] === digest;
}
