import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readOffline } from '../../../../src/cli/environment.ts';
import { githubSettings } from '../../../../src/cli/init/github.ts';
import { guide } from '../../../../src/cli/init/guide.ts';
import { neededLogins } from '../../../../src/clouds/credentials.ts';
import { clouds as registry } from '../../../../src/clouds/registry.ts';
import { checkout } from '../berth.ts';

const { environment, blueprints } = readOffline('preprod');
const swift = 's3://states?region=gra&endpoint=https://s3.gra.io.cloud.ovh.net&s3ForcePathStyle=true';
const prepared = { stack: 'preprod', secretsProvider: 'passphrase', environment, blueprints, left: new Map() };

test('what GitHub needs follows from the clouds, the backend and the provider', () => {
  const needed = neededLogins(environment, blueprints, registry);
  const names = (backend: string, secretsProvider: string) =>
    githubSettings({ backend, secretsProvider }, needed).map(({ name, secret }) =>
      secret ? `${name} (secret)` : name,
    );
  const clouds = [
    ...['OS_AUTH_URL', 'OS_APPLICATION_CREDENTIAL_ID', 'OS_APPLICATION_CREDENTIAL_SECRET (secret)'],
    ...['OVH_CLIENT_ID', 'OVH_CLIENT_SECRET (secret)'],
    ...['ARM_SUBSCRIPTION_ID', 'ARM_USE_OIDC', 'ARM_CLIENT_ID', 'ARM_TENANT_ID', 'AWS_ROLE_ARN'],
  ];
  expect(names('s3://states?region=eu-west-3', 'awskms://alias/berth')).toEqual(['PULUMI_BACKEND_URL', ...clouds]);
  expect(names('azblob://states', 'passphrase')).toEqual([
    ...['PULUMI_BACKEND_URL', 'PULUMI_CONFIG_PASSPHRASE (secret)'],
    ...[...clouds, 'AZURE_STORAGE_KEY (secret)'],
  ]);
  expect(names(swift, 'awskms://alias/berth')).toEqual([
    ...['PULUMI_BACKEND_URL', ...clouds],
    ...['AWS_ACCESS_KEY_ID (secret)', 'AWS_SECRET_ACCESS_KEY (secret)'],
  ]);
});

test('every way that a workflow logs in by is one that the program knows', () => {
  for (const { logins } of Object.values(registry))
    for (const { ways, onGithub } of Object.values(logins)) expect(ways.map(({ name }) => name)).toContain(onGithub);
});

test('the workflow that deploys hands over what is named here, as what it is', () => {
  const text = readFileSync(join(checkout, '.github/workflows/deploy.yml'), 'utf8');
  const needed = neededLogins(environment, blueprints, registry);
  for (const backend of [swift, 'azblob://states', 's3://states']) {
    for (const { name, secret } of githubSettings({ backend, secretsProvider: 'passphrase' }, needed)) {
      expect(text).toMatch(new RegExp(`\\b${secret ? 'secrets' : 'vars'}\\.${name}\\b`));
    }
  }
});

test('what is missing is named, and what a lock is and how it goes is told', () => {
  const said = guide({ ...prepared, backend: 's3://states', left: new Map([['lostops/appKey', 'what it is']]) });
  expect(said).toMatch(/lostops\/appKey +what it is/);
  expect(said).toContain('pulumi cancel preprod --yes');
  expect(said).toContain('pulumi stack export --stack preprod --file state.json');
  expect(said).not.toContain('authorized_keys');
});

test('machines that exist already are told of a new deploy key', () => {
  const publicKey = 'ssh-ed25519 AAAA berth-preprod';
  const said = guide({ ...prepared, backend: 's3://states', publicKey });
  expect(said).toContain(`Machines of catalogage exist already`);
  expect(said).toContain(`\n${publicKey}\n`);
});

test("keys of an object storage elsewhere can't be told from an AWS account's: a stack with both is warned", () => {
  const warning = "AWS_ACCESS_KEY_ID can't serve both the object storage and an AWS account";
  expect(guide({ ...prepared, backend: swift })).toContain(warning);
  expect(guide({ ...prepared, backend: `${swift}&profile=state` })).not.toContain(warning);
  expect(guide({ ...prepared, backend: 's3://states?region=eu-west-3' })).not.toContain(warning);
});

test('a URL that a shell would take apart is quoted', () => {
  expect(guide({ ...prepared, backend: swift })).toContain(`export PULUMI_BACKEND_URL='${swift}'\n`);
});
