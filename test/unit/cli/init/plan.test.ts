import { expect, test } from 'vitest';
import { checkAgreement, engineRuns } from '../../../../src/cli/init/plan.ts';
import { providerIn, stacksIn } from '../../../../src/cli/init/stack.ts';

const secrets = new Map([
  ['deployKey', 'hush-key\nof two lines'],
  ['lostops/appKey', 'hush-app'],
]);
const kms = 'awskms://alias/berth?region=eu-west-3';

test('a new stack is made, then each secret is set, and stands in nothing but what the engine reads', () => {
  const plan = engineRuns(
    'preprod',
    { secretsProvider: kms, secrets },
    { stackExists: false, fileProvider: undefined },
  );
  expect(plan.map(({ args }) => args.join(' '))).toEqual([
    `stack init --no-select --secrets-provider ${kms}`,
    'config set --secret --path berth:secrets.deployKey',
    'config set --secret --path berth:secrets["lostops/appKey"]',
  ]);
  expect(plan.map(({ input }) => input)).toEqual(['', ...secrets.values()]);
  expect(JSON.stringify(plan.map(({ args, done }) => [args, done]))).not.toContain('hush');
});

test('a stack that is there gets what it lacks', () => {
  const found = { stackExists: true, fileProvider: kms };
  expect(engineRuns('preprod', { secretsProvider: kms, secrets: new Map() }, found)).toEqual([]);
  expect(() => checkAgreement('preprod', kms, found)).not.toThrow();
});

test('another provider than that of the file is refused, with the line that changes it', () => {
  expect(() => checkAgreement('acme/berth/prod', kms, { stackExists: true, fileProvider: 'passphrase' })).toThrow(
    `Pulumi.prod.yaml has its secrets encrypted by passphrase, not by ${kms}: remove --secrets-provider, or ` +
      `change the provider with pulumi stack change-secrets-provider '${kms}' --stack acme/berth/prod`,
  );
});

test('a stack whose file has been lost is not given a second passphrase', () => {
  expect(() => checkAgreement('prod', 'passphrase', { stackExists: true, fileProvider: undefined })).toThrow(
    "stack prod exists in the backend, but Pulumi.prod.yaml doesn't say what encrypts its secrets",
  );
});

test.each([
  [{}, undefined],
  [{ encryptionsalt: 'v1:…' }, 'passphrase'],
  [{ secretsprovider: kms, encryptedkey: '…' }, kms],
])('%o is encrypted by %s', (file, provider) => {
  expect(providerIn(file)).toBe(provider);
});

test('stacks are known by their names, with or without an organization', () => {
  expect(stacksIn('[{"name":"prod","current":true},{"name":"acme/berth/preprod"}]')).toEqual(['prod', 'preprod']);
});
