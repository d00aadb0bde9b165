import { generateKeyPairSync } from 'node:crypto';
import { afterEach, expect, type TestContext, test } from 'vitest';
import { registries } from '../../src/cli/pin/registry.ts';
import { verifySignature } from '../../src/cli/pin/signature.ts';
import { imageTag } from '../../src/clouds/local/images/keys.ts';
import { receivers } from '../../src/clouds/local/images/recipes.ts';
import { type Content, imageOf, sha256, signatureOf, signatureTag } from '../registry/content.ts';
import { containerName, docker, folderOf, given, ownContainer, removed, required } from './docker.ts';

// What berth pin asks registries, asked of a real one: Debian's docker-registry

const login = { user: 'reader', password: 'right-hunter2-password' };
/** A line of `htpasswd -nbB` for this password */
const line = 'reader:$2b$05$tddaSk6wCBxpRbYpB5vhGulWbx8ElCl/Kzj8jlmisq3I03SKTCC2S';

afterEach(() => removed(containerName('registry')));

/** Starts the registry, with a login where one is asked for; returns its name */
async function start(context: TestContext, asks: boolean): Promise<string> {
  const reference = imageTag(receivers.registry);
  const { code, output } = await docker('image', 'inspect', reference);
  const image = required(code === 0 ? { reference } : { absent: output }, context);
  const folder = folderOf({ htpasswd: `${line}\n` });
  const auth = {
    ...{ REGISTRY_AUTH: 'htpasswd', REGISTRY_AUTH_HTPASSWD_REALM: 'tests' },
    REGISTRY_AUTH_HTPASSWD_PATH: '/auth/htpasswd',
  };
  const words = ['--publish', '127.0.0.1::5000', '--volume', `${folder}:/auth:ro`, ...given(asks ? auth : {})];
  const run = await docker('run', '--detach', ...ownContainer('registry'), ...words, image);
  expect(run.code, run.output).toBe(0);
  const name = (await docker('port', containerName('registry'), '5000/tcp')).output.trim();
  await expect
    .poll(
      () =>
        fetch(`http://${name}/v2/`).then(
          ({ status }) => status,
          () => 0,
        ),
      { timeout: 20_000 },
    )
    .not.toBe(0);
  return name;
}

/** Pushes as docker does: blobs first, then the manifest under its tag */
async function push(
  registry: string,
  repository: string,
  tag: string,
  { blobs, manifest, mediaType }: Content,
): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
  const put = async (url: URL, body: Buffer, type: string) => {
    const answer = await fetch(url, {
      method: 'PUT',
      body: new Uint8Array(body),
      headers: { authorization, 'content-type': type },
    });
    expect(answer.status, await answer.text()).toBe(201);
  };
  for (const blob of blobs) {
    const uploads = `http://${registry}/v2/${repository}/blobs/uploads/`;
    const begun = await fetch(uploads, { method: 'POST', headers: { authorization } });
    const place = new URL(begun.headers.get('location') ?? '', uploads);
    place.searchParams.set('digest', sha256(blob));
    await put(place, blob, 'application/octet-stream');
  }
  await put(new URL(`http://${registry}/v2/${repository}/manifests/${tag}`), manifest, mediaType);
}

const keys = generateKeyPairSync('ec', {
  namedCurve: 'prime256v1',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

test.for([
  ['anybody may ask', false],
  ['asks for a login', true],
] as const)('the digest and the signature of an image come from a registry that %s', async ([, asks], context) => {
  const registry = await start(context, asks);
  const image = imageOf('one');
  const digest = sha256(image.manifest);
  await push(registry, 'owner/name', '1.0.0', image);
  const asked = registries(async () => (asks ? login : undefined));
  const named = `${registry}/owner/name:1.0.0`;
  expect(await asked.digest(named)).toBe(digest);
  const signed = { image: `${named}@${digest}`, key: keys.publicKey };
  await expect(verifySignature(signed, asked)).rejects.toThrow('is not signed');
  await push(registry, 'owner/name', signatureTag(digest), signatureOf(digest, keys.privateKey));
  await verifySignature(signed, asked);
  await expect(asked.digest(`${registry}/owner/name:2.0.0`)).rejects.toThrow('its registry does not have it');
  if (asks) await expect(registries(async () => undefined).digest(named)).rejects.toThrow('there is no login for it');
});
