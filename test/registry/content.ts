import { createHash, createPrivateKey, sign } from 'node:crypto';

/** A manifest as its bytes, and the blobs that it names */
export interface Content {
  manifest: Buffer;
  mediaType: string;
  blobs: readonly Buffer[];
}

export const sha256 = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

const imageType = 'application/vnd.oci.image.manifest.v1+json';
const descriptor = (mediaType: string, bytes: Buffer) => ({ mediaType, digest: sha256(bytes), size: bytes.length });

/** An image of one layer that holds a text */
export function imageOf(text: string): Content {
  const layer = Buffer.from(text);
  const config = Buffer.from(
    JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] } }),
  );
  const manifest = {
    ...{ schemaVersion: 2, mediaType: imageType },
    config: descriptor('application/vnd.oci.image.config.v1+json', config),
    layers: [descriptor('application/vnd.oci.image.layer.v1.tar', layer)],
  };
  return { manifest: Buffer.from(JSON.stringify(manifest)), mediaType: imageType, blobs: [config, layer] };
}

/** What `cosign sign --key` puts beside an image, made by its specification: the payload, and its signature as annotation */
export function signatureOf(digest: string, privateKey: string, repository = 'any/name'): Content {
  const payload = Buffer.from(
    JSON.stringify({
      critical: {
        identity: { 'docker-reference': repository },
        image: { 'docker-manifest-digest': digest },
        type: 'cosign container image signature',
      },
      optional: null,
    }),
  );
  const signature = sign('sha256', payload, createPrivateKey(privateKey)).toString('base64');
  const config = Buffer.from('{}');
  const layer = {
    ...descriptor('application/vnd.dev.cosign.simplesigning.v1+json', payload),
    annotations: { 'dev.cosignproject.cosign/signature': signature },
  };
  const manifest = {
    ...{ schemaVersion: 2, mediaType: imageType },
    config: descriptor('application/vnd.oci.image.config.v1+json', config),
    layers: [layer],
  };
  return { manifest: Buffer.from(JSON.stringify(manifest)), mediaType: imageType, blobs: [config, payload] };
}

/** Returns the tag under which cosign keeps the signatures of a digest */
export const signatureTag = (digest: string): string => `${digest.replace(':', '-')}.sig`;
