import { expect, test } from 'vitest';
import { parsedReference } from '../../../../src/cli/pin/reference.ts';
import { registries } from '../../../../src/cli/pin/registry.ts';
import { imageOf, sha256 } from '../../../registry/content.ts';
import { fakeRegistry, type Habits, login } from '../../../registry/fake.ts';

const nobody = async () => undefined;
const reader = async () => login;

test.each([
  ['redis:7.4.6', 'https://registry-1.docker.io/v2/library/redis', '7.4.6'],
  ['docker.io/library/redis:7.4.6', 'https://registry-1.docker.io/v2/library/redis', '7.4.6'],
  ['docker.io/prom/prometheus:v3.5.0', 'https://registry-1.docker.io/v2/prom/prometheus', 'v3.5.0'],
  ['ghcr.io/owner/name:3.3.0', 'https://ghcr.io/v2/owner/name', '3.3.0'],
  ['registry.example.org:5000/name:1.0.0', 'https://registry.example.org:5000/v2/name', '1.0.0'],
  ['127.0.0.1:5001/private/backend:3.3.1', 'http://127.0.0.1:5001/v2/private/backend', '3.3.1'],
  [`ghcr.io/owner/name:1.0.0@sha256:${'1'.repeat(64)}`, 'https://ghcr.io/v2/owner/name', `sha256:${'1'.repeat(64)}`],
])('%s is asked for at %s', (image, url, name) => expect(parsedReference(image)).toMatchObject({ url, name }));

test.each<[string, Habits]>([
  ['asks nobody', {}],
  ['asks for the login', { login: 'basic' }],
  ['has a server of tokens', { login: 'bearer' }],
  ['tells no digest', { tells: false }],
])('the digest of a tag is that of its manifest, where a registry %s', async (_, habits) => {
  const registry = await fakeRegistry(habits);
  const content = imageOf('one');
  registry.put('owner/name', '1.0.0', content);
  const asked = registries(habits.login ? reader : nobody);
  expect(await asked.digest(`${registry.name}/owner/name:1.0.0`)).toBe(sha256(content.manifest));
  expect(registry.asked.join('\n')).not.toContain(login.password);
});

test('a registry is asked, and nothing is read that counts against its limits', async () => {
  const registry = await fakeRegistry();
  registry.put('owner/name', '1.0.0', imageOf('one'));
  await registries(nobody).digest(`${registry.name}/owner/name:1.0.0`);
  expect(registry.asked).toEqual(['HEAD /v2/owner/name/manifests/1.0.0']);
});

test.each<[string, Habits, typeof reader | typeof nobody, RegExp]>([
  [
    'without a login',
    { login: 'basic' },
    nobody,
    /refuses it \(401\); there is no login for it: add one for 127.* under registries:/,
  ],
  [
    'with another password',
    { login: 'basic' },
    async () => ({ user: 'reader', password: 'wrong-hunter2' }),
    /set the password of reader in registries: again/,
  ],
  [
    'of a server of tokens with another password',
    { login: 'bearer' },
    async () => ({ user: 'reader', password: 'wrong-hunter2' }),
    /set the password of reader/,
  ],
  ['that allows no more', { status: 429 }, nobody, /answers 429; it allows no more requests for now/],
  ['that is ill', { status: 503 }, nobody, /answers 503$/],
])('the answer of a registry %s is told with what helps, and no password', async (_, habits, asWhom, message) => {
  const registry = await fakeRegistry(habits);
  registry.put('owner/name', '1.0.0', imageOf('one'));
  const failed = await registries(asWhom)
    .digest(`${registry.name}/owner/name:1.0.0`)
    .catch((error: Error) => error.message);
  expect(failed).toMatch(message);
  expect(failed).not.toContain('hunter2');
});

test('an image that is not there, and a registry that does not answer, are told', async () => {
  const registry = await fakeRegistry();
  await expect(registries(nobody).digest(`${registry.name}/owner/name:1.0.0`)).rejects.toThrow(
    'its registry does not have it',
  );
  await expect(registries(nobody).digest('127.0.0.1:9/owner/name:1.0.0')).rejects.toThrow(
    'the registry 127.0.0.1:9 does not answer: ',
  );
});

test('a blob of another content than its digest says is refused', async () => {
  const registry = await fakeRegistry();
  const content = imageOf('one');
  registry.put('owner/name', '1.0.0', content);
  const [digest = ''] = content.blobs.map(sha256);
  registry.spoil(digest, Buffer.from('another'));
  await expect(registries(nobody).blob(`${registry.name}/owner/name`, digest)).rejects.toThrow('has another content');
});
