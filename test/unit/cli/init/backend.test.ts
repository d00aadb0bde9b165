import { expect, test } from 'vitest';
import { type Backend, backendUrl, checkedBackend, checkedProvider } from '../../../../src/cli/init/backend.ts';

const backends: readonly [Backend, string][] = [
  [{ kind: 's3', bucket: 'states', region: 'eu-west-3' }, 's3://states?region=eu-west-3'],
  [
    { kind: 'swift', container: 'states', region: 'gra', endpoint: 'https://s3.gra.io.cloud.ovh.net' },
    's3://states?region=gra&endpoint=https://s3.gra.io.cloud.ovh.net&s3ForcePathStyle=true',
  ],
  [{ kind: 'azure', container: 'states', account: 'acme' }, 'azblob://states?storage_account=acme'],
  [{ kind: 'file', folder: '/srv/states' }, 'file:///srv/states'],
];

test.each(backends)('%o is a URL of the engine, which is taken as it is', (backend, url) => {
  expect(backendUrl(backend)).toBe(url);
  expect(checkedBackend(url)).toBe(url);
});

test.each(['states', 'https://states.example.org', 'gs://states', 's3://', 'file://states'])(
  '%s is refused, with what is allowed',
  (url) => {
    expect(() => checkedBackend(url)).toThrow(/^"[^"]*" .*: allowed: s3:\/\/<bucket>\?region=<region>, /);
  },
);

test('a login in the URL is refused and not repeated', () => {
  for (const url of ['s3://key:hush@states', 'https://hush@states.example.org']) {
    expect(() => checkedBackend(url)).toThrow("the backend's URL contains credentials");
    expect(() => checkedBackend(url)).not.toThrow('hush');
  }
});

test.each([
  'passphrase',
  'awskms://alias/berth?region=eu-west-3',
  'awskms:///arn:aws:kms:eu-west-3:123456789012:alias/berth?region=eu-west-3',
  'azurekeyvault://berth.vault.azure.net/keys/berth',
])('%s encrypts secrets', (provider) => {
  expect(checkedProvider(provider)).toBe(provider);
});

test.each(['', 'default', 'awskms', 'awskms://', 'hunter2'])('"%s" encrypts none', (provider) => {
  expect(() => checkedProvider(provider)).toThrow('allowed: passphrase, awskms://');
});
