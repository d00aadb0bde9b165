import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { registries } from '../../../../src/cli/pin/registry.ts';
import { verifySignature } from '../../../../src/cli/pin/signature.ts';
import { type Content, imageOf, sha256, signatureOf, signatureTag } from '../../../registry/content.ts';
import { fakeRegistry } from '../../../registry/fake.ts';

const pair = () =>
  generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
const [own, other] = [pair(), pair()];
const image = imageOf('one');
const digest = sha256(image.manifest);

async function verified(signature?: Content, spoil?: Buffer): Promise<void> {
  const registry = await fakeRegistry();
  registry.put('owner/name', '1.0.0', image);
  if (signature) registry.put('owner/name', signatureTag(digest), signature);
  const [, payload] = signature?.blobs ?? [];
  if (spoil && payload) registry.spoil(sha256(payload), spoil);
  const named = `${registry.name}/owner/name:1.0.0@${digest}`;
  await verifySignature(
    { image: named, key: own.publicKey },
    registries(async () => undefined),
  );
}

test('an image that its key has signed is taken', () => verified(signatureOf(digest, own.privateKey)));

test('one of several signatures is enough', async () => {
  const [mine, theirs] = [signatureOf(digest, own.privateKey), signatureOf(digest, other.privateKey)];
  const [{ layers: first, ...rest }, { layers: second }] = [theirs, mine].map(({ manifest }) =>
    JSON.parse(`${manifest}`),
  ) as [{ layers: unknown[] }, { layers: unknown[] }];
  const manifest = Buffer.from(JSON.stringify({ ...rest, layers: [...first, ...second] }));
  await verified({ ...mine, manifest, blobs: [...mine.blobs, ...theirs.blobs] });
});

test('without a signature of this digest it is refused', () =>
  expect(verified()).rejects.toThrow(/@sha256:[0-9a-f]{64} is not signed: its repository has no signature of cosign/));

test('so it is with one by another key', () =>
  expect(verified(signatureOf(digest, other.privateKey))).rejects.toThrow(
    'its signature is by another key, or of another image',
  ));

test("with a signature of another image, moved to this one's place", () =>
  expect(verified(signatureOf(sha256(Buffer.from('another')), own.privateKey))).rejects.toThrow('or of another image'));

test('and with a payload that was changed since', () =>
  expect(verified(signatureOf(digest, own.privateKey), Buffer.from('{}'))).rejects.toThrow('has another content'));
